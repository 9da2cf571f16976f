using System.Buffers;
using Google.Protobuf;
using PhoenixCore.Grpc.Tests.V1;

namespace PhoenixCore.Grpc.Tests;

/// <summary>A handler of each kind, with counters that tell whether it still runs.</summary>
public sealed class EchoService
{
    private int _running;

    public int Running => Volatile.Read(ref _running);

    /// <summary>Bytes that <c>Tail</c> wrote and flushed.</summary>
    public long TailBytes;

    public GrpcServiceBinder Bind() => new GrpcServiceBinder(EchoReflection.Descriptor.Services[0])
        .Unary<EchoRequest, EchoReply>("Unary", EchoRequest.Parser, UnaryAsync)
        .UnaryRaw("UnaryRaw", EchoRaw)
        .Unary<EchoRequest, EchoReply>("Large", EchoRequest.Parser, UnaryAsync, maxRequestBytes: 1024 * 1024)
        .ServerStreaming<EchoRequest, EchoReply>("Tail", EchoRequest.Parser, TailAsync)
        .ClientStreaming<EchoRequest, EchoReply>("Upload", EchoRequest.Parser, UploadAsync)
        .Duplex<EchoRequest, EchoReply>("Chat", EchoRequest.Parser, ChatAsync)
        .DuplexRaw("Submit", SubmitAsync, maxRequestBytes: 1024 * 1024);

    private async ValueTask<EchoReply> UnaryAsync(EchoRequest request, GrpcCall call)
    {
        using var running = Run();
        if (request.SleepMilliseconds > 0) await Task.Delay((int)request.SleepMilliseconds, call.CancellationToken);
        foreach (var value in call.RequestMetadata["x-text"])
        {
            if (value is null) continue;
            call.AddHeader("echo-text", value);
            call.AddTrailer("echo-text", value);
        }

        foreach (var value in call.RequestMetadata.FindBinary("x-bytes-bin"))
        {
            call.AddHeader("echo-bytes-bin", value);
            call.AddTrailer("echo-bytes-bin", value);
        }

        if (request.FailCode != 0)
        {
            throw new GrpcException(
                (GrpcStatusCode)request.FailCode, request.Text, "TEST_REASON", "phoenix.test", new Dictionary<string, string> { ["key"] = "välue" });
        }

        return new EchoReply { Text = request.Text, Payload = request.Payload, Count = call.Deadline is null ? 0u : 1u };
    }

    private static ValueTask EchoRaw(ReadOnlySequence<byte> request, GrpcReplyWriter reply, GrpcCall call)
    {
        foreach (var segment in request) reply.Write(segment.Span);
        if (!request.IsEmpty && request.FirstSpan[0] == 0xFF) call.Fail(new GrpcStatus(GrpcStatusCode.FailedPrecondition, "asked to fail", "RAW_REFUSAL"));
        return default;
    }

    private async ValueTask TailAsync(EchoRequest request, ResponseStream<EchoReply> replies, GrpcCall call)
    {
        using var running = Run();
        for (uint i = 0; i < request.Repeat; i++)
        {
            await replies.WriteAsync(new EchoReply { Count = i, Payload = request.Payload });
            Interlocked.Add(ref TailBytes, request.Payload.Length);
            if (request.SleepMilliseconds > 0) await Task.Delay((int)request.SleepMilliseconds, call.CancellationToken);
        }
    }

    private async ValueTask<EchoReply> UploadAsync(RequestStream<EchoRequest> requests, GrpcCall call)
    {
        using var running = Run();
        ulong bytes = 0;
        await foreach (var request in requests.ReadAllAsync()) bytes += (ulong)request.Payload.Length;
        return new EchoReply { Count = bytes };
    }

    private async ValueTask ChatAsync(RequestStream<EchoRequest> requests, ResponseStream<EchoReply> replies, GrpcCall call)
    {
        using var running = Run();
        ulong count = 0;
        while (await requests.MoveNextAsync())
        {
            if (requests.Current.FailCode != 0) throw new GrpcException((GrpcStatusCode)requests.Current.FailCode, requests.Current.Text);
            await replies.WriteAsync(new EchoReply { Text = requests.Current.Text, Count = ++count });
        }
    }

    /// <summary>Echoes with one task reading and another writing, so that requests go on while replies wait.</summary>
    private async ValueTask SubmitAsync(RawRequestStream requests, RawResponseStream replies, GrpcCall call)
    {
        using var running = Run();
        var batches = System.Threading.Channels.Channel.CreateBounded<byte[]>(4);
        var writing = WriteAsync();
        while (await requests.MoveNextAsync()) await batches.Writer.WriteAsync(requests.Current.ToArray(), call.CancellationToken);
        batches.Writer.Complete();
        await writing;

        async Task WriteAsync()
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(call.CancellationToken))
            {
                replies.Message.Write(batch);
                replies.EndMessage();
                await replies.FlushAsync();
            }
        }
    }

    private RunningMark Run()
    {
        Interlocked.Increment(ref _running);
        return new RunningMark(this);
    }

    private readonly struct RunningMark(EchoService service) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref service._running);
    }
}
