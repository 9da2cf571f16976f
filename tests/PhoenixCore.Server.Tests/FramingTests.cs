using System.Net.Sockets;
using System.Text;

namespace PhoenixCore.Server.Tests;

/// <summary>Requests whose end two readers could see in two places are refused, and what follows them on the connection is never read as a request.</summary>
public class FramingTests
{
    private const string Body = """{"external_id":"a"}""";

    public static TheoryData<string> Lengths() => new(
        "Content-Length: +19", "Content-Length: -19", "Content-Length: 0x13", "Content-Length: 19,19", "Content-Length: 19, 19", "Content-Length: 1 9", "Content-Length: 19 19",
        "Content-Length: 19.0", "Content-Length: 19;", "Content-Length: \u000b19", "Content-Length: ", "Content-Length: 19\r\nContent-Length: 19", "Content-Length: 19\r\nContent-Length: 0",
        "Content-Length : 19", " Content-Length: 19", "Content-Length\t: 19", "Content-Length: 19\r\n 0", "Content-Length: 99999999999999999999", "Content-Length: 9223372036854775808",
        "Content-Length: \uff11\uff19", "content-length: +19", "Content-Length:+19", "Content-Length:\t+19 ", "Content-Length: ++19", "Content-Length: 1_9", "Content-Length: ''19",
        "Content-Length: 19\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 19", "Transfer-Encoding: chunked\r\nContent-Length: +19", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding : chunked", "Transfer-Encoding:\u000bchunked", "Transfer-Encoding: \"chunked\"");

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task A_length_that_is_not_plainly_one_is_refused_and_closes_the_connection(string header)
    {
        await using var server = await TestServer.StartAsync();
        var second = Request("Content-Length: 19", """{"external_id":"b"}""");
        var answer = await SendAsync(server, Request(header, Body) + second);

        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Equal(answer.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal), answer.IndexOf("HTTP/1.1 ", StringComparison.Ordinal));
        foreach (var wallet in new[] { "a", "b" }) Assert.Equal("404 WALLET_NOT_FOUND", (await server.Client.GetAsync("/wallets/" + wallet)).Outcome);
    }

    [Theory]
    [InlineData("Content-Length: 19")]
    [InlineData("content-length:19")]
    [InlineData("CONTENT-LENGTH: \t 19 \t")]
    [InlineData("Content-Length: 0019")]
    public async Task A_plain_length_is_taken(string header)
    {
        await using var server = await TestServer.StartAsync();
        var answer = await SendAsync(server, Request(header, Body) + Request("Content-Length: 19", """{"external_id":"b"}""").Replace("keep-alive", "close", StringComparison.Ordinal));
        Assert.Equal(2, answer.Split("HTTP/1.1 201 ").Length - 1);
    }

    [Fact]
    public async Task The_words_of_such_a_header_in_a_body_are_only_words()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("201", (await server.Client.PostAsync("/wallets", """{"external_id":"a","name":"Content-Length: +19"}""")).Outcome);
    }

    private static string Request(string header, string body) =>
        $"POST /wallets HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nAuthorization: Bearer {TestServer.GivenKey}\r\nIdempotency-Key: {body.Length}{body[16]}\r\nContent-Type: application/json\r\n{header}\r\n\r\n{body}";

    /// <summary>Everything that is answered until the server closes or falls silent.</summary>
    private static async Task<string> SendAsync(TestServer server, string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 3_000 };
        await socket.ConnectAsync(server.Server.RestAddress.Host, server.Server.RestAddress.Port);
        await socket.SendAsync(Encoding.UTF8.GetBytes(request));
        var answer = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            for (int count; (count = socket.Receive(buffer)) > 0;) answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            // Nothing more came in time, or it was reset after the answer.
        }

        return answer.ToString();
    }
}
