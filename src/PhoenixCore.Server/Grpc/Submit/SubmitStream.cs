using System.Threading.Channels;
using PhoenixCore.Grpc;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Grpc.Submit;

/// <summary>Serves Submit: one task reads, decodes and publishes batches while another answers earlier ones, in order.</summary>
internal sealed class SubmitStream(LedgerShard shard, SubmitBatchPool pool, Gate gate, OldReservations old, IClock clock)
{
    /// <summary>Batches of one stream that are published and not yet answered; then its client has to wait.</summary>
    private const int InFlightMax = 4;

    private static readonly GrpcStatus Draining = new(GrpcStatusCode.Unavailable, "the server is shutting down");

    private readonly ColdKeys _coldKeys = new(shard);

    public async ValueTask RunAsync(RawRequestStream requests, RawResponseStream replies, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var published = Channel.CreateBounded<SubmitBatch>(new BoundedChannelOptions(InFlightMax) { SingleReader = true, SingleWriter = true });
        var answering = AnswerAllAsync(published.Reader, replies, tenant);
        GrpcStatus? end = null;
        try
        {
            // What was published is answered even when a later message is refused.
            while (end is null && await requests.MoveNextAsync().ConfigureAwait(false))
                end = call.Stopping.IsCancellationRequested ? Draining : await PublishAsync(requests, published.Writer, tenant, call).ConfigureAwait(false);
        }
        finally
        {
            published.Writer.Complete();
            await answering.ConfigureAwait(false);
        }

        if (end is not null) call.Fail(end);
    }

    /// <returns>Why the message was refused; null = it is on its way.</returns>
    private async ValueTask<GrpcStatus?> PublishAsync(RawRequestStream requests, ChannelWriter<SubmitBatch> published, TenantContext tenant, GrpcCall call)
    {
        var batch = await pool.RentAsync(call.CancellationToken).ConfigureAwait(false);
        var isSent = false;
        try
        {
            if (SubmitDecoder.Decode(requests.Current, batch, tenant, clock.WallNanoseconds, GrpcCaller.DeadlineOf(call)) is { } refusal)
                return Statuses.Invalid(refusal);
            var admission = await gate.AdmitAsync(GrpcCaller.Of(call), batch.Operations.Count, call.CancellationToken).ConfigureAwait(false);
            if (admission.Refusal != null) return GrpcCaller.Refuse(admission);
            batch.Entered = GrpcCaller.Of(call);
            _coldKeys.Search(batch.Sent);
            await shard.PublishAsync(batch.Sent, call.CancellationToken).ConfigureAwait(false);
            isSent = true;
        }
        finally
        {
            if (!isSent)
            {
                batch.Leave();
                pool.Return(batch);
            }
        }

        await published.WriteAsync(batch, CancellationToken.None).ConfigureAwait(false);
        return null;
    }

    /// <summary>Takes every published batch to its end, also when nobody reads the answers any more: the shard still writes into them.</summary>
    private async Task AnswerAllAsync(ChannelReader<SubmitBatch> published, RawResponseStream replies, TenantContext tenant)
    {
        Exception? fault = null;
        await foreach (var batch in published.ReadAllAsync().ConfigureAwait(false))
        {
            await batch.Sent.AnsweredAsync().ConfigureAwait(false);
            batch.Leave();
            try
            {
                if (fault is null)
                {
                    await _coldKeys.AnswerAsync(batch.Sent).ConfigureAwait(false);
                    await old.AnswerAsync(batch, tenant).ConfigureAwait(false);
                    SubmitEncoder.Encode(batch, tenant, shard, replies.Message);
                    replies.EndMessage();
                }
            }
            catch (Exception e)
            {
                fault = e;
            }
            finally
            {
                pool.Return(batch);
            }

            if (fault is null) fault = await TryFlushAsync(replies).ConfigureAwait(false);
        }

        if (fault is not null) throw fault;
    }

    private static async ValueTask<Exception?> TryFlushAsync(RawResponseStream replies)
    {
        try
        {
            await replies.FlushAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
