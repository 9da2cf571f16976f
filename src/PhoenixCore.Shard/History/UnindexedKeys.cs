using System.Runtime.InteropServices;
using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History;

/// <summary>The keys of the journal's newest part, which has no side index yet; read only when a key is older than memory and younger than the indexes.</summary>
/// <remarks>
/// That happens when fewer keys are kept in memory than an unfinished segment holds, or when the indexer has fallen behind. Any thread.
/// The test that fails without it: ColdKeyTests.A_key_that_memory_has_forgotten_is_still_applied_once.
/// </remarks>
internal sealed class UnindexedKeys(JournalReader reader)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, ulong> _keys = [];
    private JournalCursor? _cursor;
    private ulong _from;
    private ulong _through;

    /// <param name="indexedThrough">Keys up to this sequence are in the side indexes.</param>
    /// <param name="lookedThrough">Keys of later records have not been considered.</param>
    public bool TryFind(UInt128 key, ulong indexedThrough, out ulong sequence, out ulong lookedThrough)
    {
        lock (_lock)
        {
            Forget(indexedThrough);
            ReadOn();
            lookedThrough = _through;
            return _keys.TryGetValue(key, out sequence);
        }
    }

    private void Forget(ulong indexedThrough)
    {
        if (indexedThrough <= _from && _cursor != null) return;
        _from = indexedThrough;
        if (_cursor == null || _through <= indexedThrough)
        {
            _cursor?.Dispose();
            _cursor = reader.OpenCursor(indexedThrough + 1);
            _through = indexedThrough;
            _keys.Clear();
            return;
        }

        foreach (var (key, sequence) in _keys)
        {
            if (sequence <= indexedThrough) _keys.Remove(key);
        }
    }

    private void ReadOn()
    {
        while (_cursor!.MoveNext())
        {
            _through = _cursor.Header.Sequence;
            ref readonly var fact = ref MemoryMarshal.AsRef<FactHeader>(_cursor.Payload);
            if ((fact.Flags & FactHeader.Keyed) != 0) _keys[new UInt128(fact.KeyHi, fact.KeyLo)] = _through;
        }
    }
}
