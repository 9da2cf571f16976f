using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Rest;

/// <summary>What the handlers share: bodies in, commands and questions to the ledger, facts out.</summary>
internal sealed class CommandRunner(Operations operations, AssetDirectory assets, LedgerShard shard, TimeProvider time)
{
    private readonly Patience _patience = new();

    public RenderScope Scope { get; } = new(assets, shard);

    public LedgerHistory History => operations.History;

    /// <summary>Streams end when it is set: the server is going down.</summary>
    public bool IsStopping { get; set; }

    /// <summary>For questions that ask the ledger before they read.</summary>
    public CancellationToken Patience => _patience.Token;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Reads the whole body; a client that goes away ends only this.</summary>
    public ValueTask<ParsedBody> ReadBodyAsync(RestCall call) => ReadBodyAsync(call, body => BodyParser.Parse(body, call.Dialect, call.Tenant.Name, time));

    /// <summary>The same for a body that has a reader of its own.</summary>
    public async ValueTask<TBody> ReadBodyAsync<TBody>(RestCall call, Func<ReadOnlySequence<byte>, TBody> parse)
    {
        var reader = call.Http.Request.BodyReader;
        var body = await ReadWholeAsync(reader, call).ConfigureAwait(false);
        try
        {
            return parse(body);
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    /// <summary>The same for what is not a command.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(RestCall call)
    {
        var reader = call.Http.Request.BodyReader;
        var body = await ReadWholeAsync(reader, call).ConfigureAwait(false);
        var bytes = body.ToArray();
        reader.AdvanceTo(body.End);
        return bytes;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<ReadOnlySequence<byte>> ReadWholeAsync(PipeReader reader, RestCall call)
    {
        while (true)
        {
            var read = await ReadAsync(reader, call.Http.RequestAborted).ConfigureAwait(false);
            if (read.Buffer.Length > RequestLimits.BodyBytesMax) throw new ApiErrorException(ApiError.TooLarge);
            if (read.IsCompleted) return read.Buffer;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>A chunk's size that does not fit is an I/O error to Kestrel, and the caller's to us.</summary>
    private static async ValueTask<ReadResult> ReadAsync(PipeReader reader, CancellationToken aborted)
    {
        try
        {
            return await reader.ReadAsync(aborted).ConfigureAwait(false);
        }
        catch (IOException e) when (e is not BadHttpRequestException && !aborted.IsCancellationRequested && e.InnerException is OverflowException)
        {
            throw new ApiErrorException(ApiError.Invalid("a chunk's size is no size"));
        }
    }

    /// <summary>Executes a command and answers with its fact.</summary>
    public async ValueTask RunAsync(RestCall call, OperationRequest request, int status, FactShape shape)
    {
        request.Key = call.Key;
        request.Deadline = call.Deadline;
        using var reply = await ExecuteAsync(call, request).ConfigureAwait(false);
        MarkReplay(call, reply);
        if (reply.Result != LedgerResult.Accepted)
        {
            ErrorJson.Send(call.Http, ApiError.Of(call.Tenant, reply));
            return;
        }

        await Scope.KnowAssetsAsync(call.Tenant, reply.Payload).ConfigureAwait(false);
        SendFact(call, shape, reply.Payload, reply.Context, status);
    }

    /// <summary>Asks the ledger something. The caller disposes the answer.</summary>
    /// <exception cref="ApiErrorException">It was refused.</exception>
    public async ValueTask<OperationReply> AskAsync(RestCall call, OperationRequest question)
    {
        var reply = await ExecuteAsync(call, question).ConfigureAwait(false);
        if (reply.Result == LedgerResult.Accepted) return reply;
        var error = ApiError.Of(call.Tenant, reply);
        reply.Dispose();
        throw new ApiErrorException(error);
    }

    /// <summary>As <see cref="AskAsync"/>, with refusals for the caller to judge.</summary>
    public ValueTask<OperationReply> ExecuteAsync(RestCall call, OperationRequest request) => operations.ExecuteAsync(call.Tenant, request, _patience.Token);

    /// <summary>A durable fact of the tenant with its assets at hand; null when there is none at that sequence.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Payload, FactContext Context)?> FindFactAsync(RestCall call, ulong sequence)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        if (sequence == 0 || !shard.Facts.TryRead(sequence, buffer, out var context) || context.Tenant != call.Tenant.Number) return null;
        await Scope.KnowAssetsAsync(call.Tenant, buffer.WrittenSpan).ConfigureAwait(false);
        return (buffer.WrittenMemory, context);
    }

    public void SendFact(RestCall call, FactShape shape, ReadOnlySpan<byte> fact, in FactContext context, int status)
    {
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        FactJson.Write(body, Scope, call.Tenant, shape, fact, context);
        body.CloseEnvelope();
        body.Send(call.Http, status);
    }

    public static void MarkReplay(RestCall call, in OperationReply reply)
    {
        if (reply.IsDuplicate) call.Http.Response.Headers["Idempotent-Replayed"] = "true";
    }
}
