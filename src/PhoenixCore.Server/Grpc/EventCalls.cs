using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Grpc;

/// <summary>The event stream over gRPC: the same reader and the same events as the REST front's.</summary>
internal sealed class EventCalls(EventStreams streams, RenderScope scope)
{
    private const int BatchMax = 256;

    public async ValueTask SubscribeAsync(SubscribeRequest request, ResponseStream<SubscribeReply> replies, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var filter = await FilterAsync(request, tenant, call).ConfigureAwait(false);
        using var reader = await OpenAsync(request, tenant, call).ConfigureAwait(false);
        using var counted = streams.Subscribers.HoldGrpc();
        if (request.FromSequence == 0) replies.Append(new SubscribeReply { Heartbeat = new Heartbeat { Sequence = reader.Next - 1 } }); // a place to come back to, before anything has happened
        await replies.FlushAsync().ConfigureAwait(false); // the headers: the client knows that it is subscribed
        var interval = (long)EventStreams.HeartbeatInterval.TotalMilliseconds;
        var heartbeatAt = Environment.TickCount64 + interval;
        while (!call.Stopping.IsCancellationRequested)
        {
            var seen = streams.Committed;
            var count = 0;
            while (count < BatchMax && reader.TryRead(out var found))
            {
                count++;
                if (filter.Takes(found)) replies.Append(new SubscribeReply { Event = await RenderAsync(tenant, reader, found).ConfigureAwait(false) });
            }

            var isDue = Environment.TickCount64 >= heartbeatAt;
            if (isDue) replies.Append(new SubscribeReply { Heartbeat = new Heartbeat { Sequence = reader.Next - 1 } });
            if (count > 0 || isDue)
            {
                heartbeatAt = Environment.TickCount64 + interval;
                await replies.FlushAsync().ConfigureAwait(false);
            }

            if (count < BatchMax) await streams.Pulse.WaitAsync(seen, TimeSpan.FromMilliseconds(Math.Clamp(heartbeatAt - Environment.TickCount64, 1, 1_000)), call.CancellationToken).ConfigureAwait(false);
        }

        call.Fail(new GrpcStatus(GrpcStatusCode.Unavailable, "the server is shutting down"));
    }

    private async ValueTask<EventFilter> FilterAsync(SubscribeRequest request, TenantContext tenant, GrpcCall call)
    {
        var wallet = 0UL;
        if (request.Wallet.Length > 0)
        {
            wallet = await streams.WalletAsync(tenant, request.Wallet, call.CancellationToken).ConfigureAwait(false);
            if (wallet == 0) throw new GrpcException(Statuses.Of(LedgerResult.WalletNotFound));
        }

        return EventFilter.Parse(request.Types_, wallet, out var unknown) ?? throw new GrpcException(GrpcStatusCode.InvalidArgument, $"types: {unknown} is no event type");
    }

    private async ValueTask<EventReader> OpenAsync(SubscribeRequest request, TenantContext tenant, GrpcCall call)
    {
        try
        {
            return streams.Open(tenant, request.FromSequence > 0 ? request.FromSequence : await streams.NextAsync(tenant, call.CancellationToken).ConfigureAwait(false));
        }
        catch (SequenceTooOldException e)
        {
            throw new GrpcException(Statuses.TooOld(e.Oldest));
        }
    }

    private async ValueTask<Event> RenderAsync(TenantContext tenant, EventReader reader, LedgerEvent found)
    {
        await scope.KnowAssetsAsync(tenant, reader.FactBytes).ConfigureAwait(false);
        return Render(tenant, reader, found);
    }

    private Event Render(TenantContext tenant, EventReader reader, in LedgerEvent found)
    {
        var body = JsonBody.Start(Dialect.Concepts);
        EventJson.WriteData(body, scope, tenant, found, reader.Fact);
        var made = new Event
        {
            Id = tenant.Ids.Format(IdKind.Event, found.Number),
            Type = EventNames.Of(found.Kind),
            Sequence = found.Number,
            WalletId = found.Wallet == 0 ? "" : tenant.Ids.Format(IdKind.Wallet, found.Wallet),
            TransactionId = tenant.Ids.Format(IdKind.Transaction, Numbers.Of(found.Context.Sequence, 0)),
            CreatedAtUnixNs = found.Context.Stamp,
            DataJson = System.Text.Encoding.UTF8.GetString(body.Written()),
        };
        if (EventJson.SumOf(found, reader.Fact) is { } sum)
        {
            var asset = scope.Asset(tenant, sum.Asset);
            made.Amount = Rendering.WireValues.AmountOf(sum.Amount, asset.Code, asset.Scale);
            made.BalanceAfter = Rendering.WireValues.AmountOf(sum.After, asset.Code, asset.Scale);
        }

        return made;
    }
}
