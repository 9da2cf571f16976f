using System.Runtime.CompilerServices;
using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Client.Errors;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client;

/// <summary>What happens, as it happens. Any thread.</summary>
public sealed class EventCalls
{
    private readonly LogicalCalls _calls;

    internal EventCalls(LogicalCalls calls) => _calls = calls;

    /// <summary>Events in order, for as long as they are read. A broken connection is made again and goes on after the last event, without a gap.</summary>
    /// <param name="fromSequence">First event wanted, included; 0 = what happens from now on.</param>
    /// <param name="wallet">Id or external id; empty = all wallets.</param>
    /// <param name="types">Such as wallet.credited; null = all.</param>
    /// <param name="ct">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="PhoenixException">What repeating does not mend: an unknown type, a credential that is not valid, events that are not kept there any more.</exception>
    public async IAsyncEnumerable<LedgerEvent> StreamAsync(ulong fromSequence = 0, string wallet = "", IReadOnlyList<string>? types = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var next = fromSequence;
        for (var failures = 0; ;)
        {
            var request = new SubscribeRequest { FromSequence = next, Wallet = wallet, Types_ = { types ?? [] } };
            await using var stream = _calls.Stream("Events", "Subscribe", request, SubscribeReply.Parser, ct);
            while (await TryMoveAsync(stream, ct).ConfigureAwait(false))
            {
                failures = 0;
                var reply = stream.Current;
                next = (reply.Event?.Sequence ?? reply.Heartbeat.Sequence) + 1;
                if (reply.Event is { } happened) yield return LedgerEvent.From(happened);
            }

            await _calls.WaitAsync(++failures, ct).ConfigureAwait(false);
        }
    }

    /// <returns>False when the connection has to be made again.</returns>
    private static async Task<bool> TryMoveAsync(ServerStreamingCall<SubscribeReply> stream, CancellationToken ct)
    {
        try
        {
            return await stream.MoveNextAsync().ConfigureAwait(false);
        }
        catch (GrpcStatusException e)
        {
            ct.ThrowIfCancellationRequested();
            return Faults.MayPass(e) ? false : throw Faults.Explain(e, null);
        }
    }
}
