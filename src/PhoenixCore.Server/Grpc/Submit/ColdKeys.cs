using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Grpc.Submit;

/// <summary>Keys that memory has forgotten: looked for in the key index before a batch is published, so that new keys cost no second round. Any thread.</summary>
internal sealed class ColdKeys(LedgerShard shard)
{
    /// <summary>Before the batch is published: notes on each command how far its key was looked for. One that was found is left to <see cref="AnswerAsync"/>.</summary>
    public void Search(ShardBatch batch)
    {
        if (shard.KeysForgottenUpTo is > 0 and var forgotten) shard.ColdKeys.Search(batch, forgotten);
    }

    /// <summary>After the answers: commands that the sequencer could not decide are looked up and sent again, one by one.</summary>
    public async ValueTask AnswerAsync(ShardBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (!IsUndecided(batch, i)) continue;
            var call = shard.Rent();
            CopyCommand(batch, i, call);
            await shard.ExecuteAsync(call, CancellationToken.None).ConfigureAwait(false);
            CopyAnswer(call, batch, i);
            call.Return();
        }
    }

    private static unsafe bool IsUndecided(ShardBatch batch, int index) => batch.Reply(index)->Kind == OutcomeKind.SearchColdKeys;

    internal static unsafe void CopyCommand(ShardBatch batch, int index, ShardCall call)
    {
        var reply = call.Command->Reply;
        *call.Command = *batch[index];
        call.Command->Reply = reply;
    }

    internal static unsafe void CopyAnswer(ShardCall call, ShardBatch batch, int index)
    {
        var reply = batch.Reply(index);
        (reply->Result, reply->Kind, reply->RefusedIndex, reply->Sequence) = (call.Reply->Result, call.Reply->Kind, call.Reply->RefusedIndex, call.Reply->Sequence);
    }
}
