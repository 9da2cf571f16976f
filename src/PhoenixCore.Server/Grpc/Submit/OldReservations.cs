using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Grpc.Submit;

/// <summary>Operations on reservations that ended long ago: how is found in the history, then they are sent again. Any thread.</summary>
internal sealed class OldReservations(LedgerShard shard, ReservationReads reservations)
{
    /// <summary>After the answers. What cannot be looked up now stays undecided, and says so.</summary>
    public async ValueTask AnswerAsync(SubmitBatch batch, TenantContext tenant)
    {
        for (var i = 0; i < batch.Sent.Count; i++)
        {
            if (!IsUndecided(batch, i)) continue;
            if (await reservations.EndingAsync(tenant, ReservationOf(batch, i), CancellationToken.None).ConfigureAwait(false) is not { } ended) continue;
            Note(batch, i, ended);
            var call = shard.Rent();
            ColdKeys.CopyCommand(batch.Sent, i, call);
            await shard.ExecuteAsync(call, CancellationToken.None).ConfigureAwait(false);
            ColdKeys.CopyAnswer(call, batch.Sent, i);
            call.Return();
        }
    }

    private static unsafe bool IsUndecided(SubmitBatch batch, int index) => batch.Sent.Reply(index)->Result == LedgerResult.EndingNotSearched;

    private static unsafe ulong ReservationOf(SubmitBatch batch, int index) => Refused(batch, index)->Subject;

    private static unsafe void Note(SubmitBatch batch, int index, ReservationStatus ended) => Refused(batch, index)->Wallet = 1 + (ulong)ended;

    /// <summary>The operation itself, which an atomic batch has among its own.</summary>
    private static unsafe Command* Refused(SubmitBatch batch, int index) => batch.IsAtomic ? batch.Operations[batch.Sent.Reply(index)->RefusedIndex] : batch.Sent[index];
}
