using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Shard.History;

/// <summary>Looks for keys that memory has forgotten: in the side indexes, and in the records that these have not reached yet. Any thread.</summary>
/// <remarks>A search that reaches the last committed fact stays good until the sequencer has forgotten as many keys again as it keeps, so a caller never chases it.</remarks>
public sealed unsafe class ColdKeySearch(JournalReader reader, FactReader facts)
{
    private readonly UnindexedKeys _unindexed = new(reader);

    /// <summary>Looks before the command is sent (or again after the sequencer asked for more).</summary>
    /// <param name="needed">Sequence up to which memory has forgotten.</param>
    /// <returns>True: the key is known and the reply is filled in. False: the command now says how far was looked.</returns>
    public bool TryAnswer(Command* command, ReplyBlock* reply, ulong needed)
    {
        if (!TryFind(new UInt128(command->KeyHi, command->KeyLo), needed, out var sequence, out var checkedTo))
        {
            command->KeysCheckedTo = Math.Max(command->KeysCheckedTo, checkedTo);
            return false;
        }

        var original = facts.KeyOf(sequence);
        var same = original.Fingerprint == command->Fingerprint || command->Kind == CommandKind.KeyStatus;
        reply->Sequence = sequence;
        reply->Bytes = int.MaxValue; // it is in the journal
        reply->RefusedIndex = -1;
        reply->Kind = !original.Closed && same ? OutcomeKind.Duplicate : OutcomeKind.Refused;
        reply->Result = original.Closed ? LedgerResult.IdempotencyKeyClosed : same ? original.Result : LedgerResult.IdempotencyConflict;
        return true;
    }

    private bool TryFind(UInt128 key, ulong needed, out ulong sequence, out ulong checkedTo)
    {
        if (reader.TryFindKey(key, 0, out sequence, out checkedTo)) return true;
        return checkedTo < needed && _unindexed.TryFind(key, checkedTo, out sequence, out checkedTo);
    }
}
