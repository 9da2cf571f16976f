using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using PhoenixCore.Grpc.Tests.V1;
using Xunit;

namespace PhoenixCore.Grpc.Tests;

public sealed class MalformedRequestTests(EchoServerFixture fixture) : IClassFixture<EchoServerFixture>
{
    private static readonly byte[] Hello = EchoServerFixture.Frame(new EchoRequest { Text = "hello" });

    public static TheoryData<string, byte[], string> Bodies() => new()
    {
        { "no message", [], "13" },
        { "half a header", [0, 0, 0], "13" },
        { "a header without its payload", [0, 0, 0, 0, 9], "13" },
        { "a payload cut by one byte", Hello[..^1], "13" },
        { "two messages", [.. Hello, .. Hello], "13" },
        { "one message and one byte", [.. Hello, 0], "13" },
        { "an undefined flag", [7, .. Hello[1..]], "13" },
        { "a compressed flag without an encoding", [1, .. Hello[1..]], "13" },
        { "bytes that are no protobuf", [0, 0, 0, 0, 3, 0x0A, 0x05, 0x61], "13" },
        { "a length over the limit", [0, 0, 1, 0, 1], "8" },
        { "the largest length", [0, 255, 255, 255, 255], "8" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_malformed_unary_request_is_refused(string what, byte[] body, string status)
    {
        var answer = await fixture.SendRawAsync("Unary", body);
        Assert.True(answer is { Http: HttpStatusCode.OK, TrailersOnly: true, Body.Length: 0 }, what);
        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_malformed_stream_is_refused_unless_it_is_a_stream_of_fewer_or_more(string what, byte[] body, string status)
    {
        var answer = await fixture.SendRawAsync("Upload", body);
        Assert.True((what is "no message" or "two messages" ? "0" : status) == answer.Status, $"{what}: {answer.Status} {answer.Message}");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compressed_request_is_inflated(string encoding)
    {
        var answer = await fixture.SendRawAsync("Unary", Compressed(new EchoRequest { Text = new string('a', 5000) }, encoding), ("grpc-encoding", encoding));
        Assert.Equal("0", answer.Status);
        Assert.Equal(new string('a', 5000), EchoReply.Parser.ParseFrom(answer.Body.AsSpan(5)).Text);
    }

    [Fact]
    public async Task A_plain_message_is_fine_under_an_encoding()
    {
        Assert.Equal("0", (await fixture.SendRawAsync("Unary", Hello, ("grpc-encoding", "gzip"))).Status);
        Assert.Equal("0", (await fixture.SendRawAsync("Unary", Hello, ("grpc-encoding", "identity"))).Status);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Upload")]
    public async Task A_small_request_that_inflates_past_the_limit_is_refused(string method)
    {
        var bomb = Compressed(new EchoRequest { Payload = ByteString.CopyFrom(new byte[20_000_000]) }, "gzip");
        Assert.InRange(bomb.Length, 1, 64 * 1024);
        Assert.Equal("8", (await fixture.SendRawAsync(method, bomb, ("grpc-encoding", "gzip"))).Status);
    }

    [Fact]
    public async Task Damaged_and_cut_compressed_data_is_refused()
    {
        var whole = Compressed(new EchoRequest { Text = new string('a', 5000) + Guid.NewGuid() }, "gzip");
        var damaged = (byte[])whole.Clone();
        damaged[6] ^= 0xFF;
        var cut = whole[..^12];
        cut[4] = (byte)(cut.Length - 5);
        Assert.Equal("13", (await fixture.SendRawAsync("Unary", damaged, ("grpc-encoding", "gzip"))).Status);
        Assert.Equal("13", (await fixture.SendRawAsync("Unary", cut, ("grpc-encoding", "gzip"))).Status);
    }

    [Fact]
    public async Task An_unknown_encoding_is_UNIMPLEMENTED_and_the_known_ones_are_named()
    {
        var answer = await fixture.SendRawAsync("Unary", Hello, ("grpc-encoding", "zstd"));
        Assert.Equal("12", answer.Status);
        Assert.Equal("identity,gzip,deflate", string.Join(',', answer.Headers.GetValues("grpc-accept-encoding")));
    }

    [Theory]
    [InlineData("application/grpc", HttpStatusCode.OK)]
    [InlineData("application/grpc+proto", HttpStatusCode.OK)]
    [InlineData("application/grpc;charset=utf-8", HttpStatusCode.OK)]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/grpcx", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/grpc-web", HttpStatusCode.UnsupportedMediaType)]
    public async Task Only_the_gRPC_content_types_are_served(string contentType, HttpStatusCode expected) =>
        Assert.Equal(expected, (await fixture.SendRawAsync("Unary", Hello, ("content-type", contentType))).Http);

    [Fact]
    public async Task Only_POST_is_served()
    {
        var answer = await fixture.SendRawAsync("Unary", Hello, (":method", "PUT"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Http);
    }

    [Fact]
    public async Task A_path_is_matched_to_the_letter() =>
        Assert.Equal("12", (await RawAnswer.SendAsync(fixture.Server.ClearText, "/phoenix.test.v1.echo/unary", Hello)).Status);

    [Fact]
    public async Task Binary_metadata_that_is_not_base64_is_refused() =>
        Assert.Equal("13", (await fixture.SendRawAsync("Unary", Hello, ("x-bytes-bin", "!!!"))).Status);

    private static byte[] Compressed(IMessage message, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packing = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true) : new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            message.WriteTo(packing);
        }

        var frame = new byte[5 + packed.Length];
        PhoenixCore.Client.GrpcFrame.WriteHeader(frame, (int)packed.Length);
        frame[0] = 1;
        packed.ToArray().CopyTo(frame, 5);
        return frame;
    }
}
