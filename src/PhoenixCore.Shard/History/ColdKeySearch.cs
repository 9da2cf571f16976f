using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Shard.History;

/// <summary>Looks in the journal's key index for keys that memory has forgotten (ADR 0013). Any thread but the shard's own.</summary>
/// <remarks>
/// Why an answer stays right when the sequencer moves on meanwhile: a key is in the index if its record is at or before the search's Through, and in
/// memory if its record is behind the newest forgotten one. The command carries Through, and the sequencer decides it only while the newest
/// forgotten record is not behind it; then no record lies between. Otherwise it hands the command back and the search is made again.
/// </remarks>
/// <param name="hotKeys">Keys that memory holds.</param>
public sealed unsafe class ColdKeySearch(JournalReader reader, FactReader facts, int hotKeys)
{
    private const int KeysAhead = 16;

    /// <summary>The index may stay so far behind the end that what a search has covered is not forgotten before the command is decided.</summary>
    private readonly ulong _lagMax = (ulong)Math.Clamp(hotKeys / 8, 64, 1 << 18);

    /// <summary>Looks before the command is sent (or again after the sequencer asked for more).</summary>
    /// <param name="needed">Sequence up to which memory has forgotten.</param>
    /// <returns>True: the key is known and the reply is filled in. False: the command now says how far was looked.</returns>
    /// <exception cref="RecordDamagedException">A record that may carry the key no longer has its checksum.</exception>
    public bool TryAnswer(Command* command, ReplyBlock* reply, ulong needed)
    {
        if (!TryFind(command, needed, out var sequence)) return false;

        var original = facts.KeyOf(sequence);
        var same = original.Fingerprint == command->Fingerprint || command->Kind == CommandKind.KeyStatus;
        reply->Sequence = sequence;
        reply->Bytes = int.MaxValue; // it is in the journal
        reply->RefusedIndex = -1;
        reply->Kind = !original.Closed && same ? OutcomeKind.Duplicate : OutcomeKind.Refused;
        reply->Result = original.Closed ? LedgerResult.IdempotencyKeyClosed : same ? original.Result : LedgerResult.IdempotencyConflict;
        return true;
    }

    /// <summary>Notes on each command of a batch how far its key was looked for. One that was found is left as it is: the sequencer will hand it back, so
    /// that its place in the order stays what it was.</summary>
    public void Search(ShardBatch batch, ulong needed)
    {
        using var search = reader.OpenKeySearch(needed, _lagMax);
        for (var i = -KeysAhead; i < batch.Count; i++)
        {
            if (i + KeysAhead < batch.Count && batch[i + KeysAhead]->Has(CommandFlags.HasKey)) search.Prefetch(KeyOf(batch[i + KeysAhead]));
            if (i >= 0 && batch[i]->Has(CommandFlags.HasKey) && !search.TryFind(KeyOf(batch[i]), out _)) Note(batch[i], search.Through);
        }
    }

    private static UInt128 KeyOf(Command* command) => new(command->KeyHi, command->KeyLo);

    private static void Note(Command* command, ulong through) => command->KeysCheckedTo = Math.Max(command->KeysCheckedTo, through);

    private bool TryFind(Command* command, ulong needed, out ulong sequence)
    {
        using var search = reader.OpenKeySearch(needed, _lagMax);
        search.Prefetch(KeyOf(command));
        if (search.TryFind(KeyOf(command), out sequence)) return true;
        Note(command, search.Through);
        return false;
    }
}
