using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Grpc.Tests.V1;
using Xunit;
using Code = PhoenixCore.Client.GrpcStatusCode;

namespace PhoenixCore.Grpc.Tests;

public sealed class UnaryTests(EchoServerFixture fixture) : IClassFixture<EchoServerFixture>
{
    [Fact]
    public async Task A_reply_carries_what_the_request_did()
    {
        var reply = await fixture.CallAsync(new EchoRequest { Text = "hällo", Payload = ByteString.CopyFrom(1, 2, 3) });
        Assert.Equal("hällo", reply.Text);
        Assert.Equal(new byte[] { 1, 2, 3 }, reply.Payload.ToByteArray());
    }

    [Fact]
    public async Task An_empty_message_is_a_message()
    {
        Assert.Equal(new EchoReply(), await fixture.CallAsync(new EchoRequest()));
        Assert.Equal(new EchoReply(), await fixture.CallAsync(new EchoRequest(), method: "UnaryRaw"));
    }

    [Fact]
    public async Task A_raw_handler_answers_bytes_for_bytes()
    {
        var payload = Enumerable.Range(0, 60_000).Select(i => (byte)i).ToArray();
        var reply = await fixture.CallAsync(new EchoRequest { Text = "x", Payload = ByteString.CopyFrom(payload) }, method: "UnaryRaw");
        Assert.Equal(payload, reply.Payload.ToByteArray());
    }

    [Fact]
    public async Task A_raw_refusal_without_a_throw_drops_the_reply_and_gives_the_reason()
    {
        var frame = new byte[] { 0, 0, 0, 0, 1, 0xFF };
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(
            async () => await fixture.Channel.UnaryRawAsync(Paths.Echo("UnaryRaw"), frame, payload => payload.Length));
        Assert.Equal((Code.FailedPrecondition, "asked to fail", "RAW_REFUSAL"), (refusal.Code, refusal.Detail, refusal.Reason));
    }

    [Fact]
    public async Task A_thrown_status_arrives_with_reason_domain_and_metadata()
    {
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(new EchoRequest { FailCode = 9, Text = "no" }));
        Assert.Equal(Code.FailedPrecondition, refusal.Code);
        Assert.Equal(("no", "TEST_REASON", "phoenix.test"), (refusal.Detail, refusal.Reason, refusal.Domain));
        Assert.Equal("välue", refusal.ErrorMetadata!["key"]);
    }

    [Fact]
    public void Any_text_survives_in_the_status_message() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            var sent = new EchoRequest { FailCode = 3 };
            sent.Text = string.Concat(text.Get.EnumerateRunes().Select(rune => rune.ToString())); // Lone surrogates are no text.
            var refusal = Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(sent)).GetAwaiter().GetResult();
            return refusal.Detail == sent.Text;
        }));

    [Theory]
    [InlineData("100%")]
    [InlineData("%41 is not A")]
    [InlineData("line\r\nline\0")]
    [InlineData("ünï€𝄞")]
    public async Task Texts_that_no_header_can_hold_are_escaped(string text)
    {
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(new EchoRequest { FailCode = 3, Text = text }));
        Assert.Equal(text, refusal.Detail);
    }

    [Fact]
    public async Task Repeated_and_binary_metadata_come_back_in_headers_and_trailers()
    {
        byte[] first = [0, 255, 7], second = [];
        var seen = new GrpcMetadata();
        var metadata = new GrpcMetadata().Add("x-text", "one").Add("x-text", "two").Add("x-bytes-bin", first).Add("x-bytes-bin", second);
        await fixture.CallAsync(new EchoRequest { Text = "m" }, new CallOptions { Metadata = metadata, ResponseMetadata = seen });

        string[] texts = [.. seen.Where(entry => entry.Key == "echo-text").SelectMany(entry => entry.Value.Split(", "))];
        Assert.Equal(["one", "two", "one", "two"], texts);
        Assert.Equal([first, second, first, second], seen.FindBinary("echo-bytes-bin"));
    }

    [Fact]
    public async Task Trailers_leave_with_a_refusal_too()
    {
        var seen = new GrpcMetadata();
        var options = new CallOptions { Metadata = new GrpcMetadata().Add("x-text", "kept"), ResponseMetadata = seen };
        await Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(new EchoRequest { FailCode = 5 }, options));
        Assert.Contains(seen, entry => entry is { Key: "echo-text", Value: "kept" or "kept, kept" });
    }

    [Fact]
    public async Task An_unexpected_exception_is_UNKNOWN_and_tells_no_secrets()
    {
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(new EchoRequest { FailCode = 99 })); // No such status: the handler's own bug.
        Assert.Equal((Code.Unknown, "the handler failed"), (refusal.Code, refusal.Detail));
    }

    [Fact]
    public async Task A_method_without_a_handler_is_UNIMPLEMENTED()
    {
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(new EchoRequest(), method: "Unbound"));
        Assert.Equal(Code.Unimplemented, refusal.Code);
    }

    [Fact]
    public async Task A_message_over_the_default_limit_passes_where_the_method_allows_it()
    {
        var large = new EchoRequest { Payload = ByteString.CopyFrom(new byte[900_000]) }; // Larger than Kestrel's stream window, too.
        Assert.Equal(900_000, (await fixture.CallAsync(large, method: "Large")).Payload.Length);

        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(large));
        Assert.Equal(Code.ResourceExhausted, refusal.Code);
    }

    [Fact]
    public async Task The_largest_message_allowed_is_the_limit_exactly()
    {
        var request = new EchoRequest { Payload = ByteString.CopyFrom(new byte[64 * 1024 - 4]) };
        Assert.Equal(64 * 1024, request.CalculateSize());
        Assert.Equal(request.Payload, (await fixture.CallAsync(request)).Payload);

        request.Payload = ByteString.CopyFrom(new byte[64 * 1024 - 3]);
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(request));
        Assert.Equal(Code.ResourceExhausted, refusal.Code);
    }
}
