using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>The newest keys, which are in no run yet: a table in memory. One thread adds; any thread looks.</summary>
/// <remarks>A row's place goes up with its hash and a search goes on upwards without turning round, so that a walk over the table meets the rows
/// nearly in order: becoming a run costs no sort. In native memory, and freed by the last <see cref="KeyView"/> that holds it: at full load several
/// tables come and go each second, which the collector would answer with a collection of everything.</remarks>
internal sealed unsafe class KeyTail
{
    private const int Overhang = 1024;
    private const int BitsMin = 10;

    private readonly int _count;
    private readonly int _shift;
    private KeyRow* _slots;
    private ulong _through;
    private int _holders;

    /// <param name="keys">How many it holds at most.</param>
    public KeyTail(ulong first, long firstStampedAt, int keys)
    {
        (First, FirstStampedAt, LastStampedAt, KeysMax) = (first, firstStampedAt, firstStampedAt, keys);
        _through = first - 1;
        var bits = Math.Max(BitsMin, 65 - BitOperations.LeadingZeroCount((ulong)keys - 1));
        _shift = 64 - bits;
        _count = (1 << bits) + Overhang;
        _slots = KeyTailMemory.Rent(_count);
    }

    ~KeyTail() => Free();

    public ulong First { get; }

    public long FirstStampedAt { get; set; }

    public long LastStampedAt { get; set; }

    public int KeysMax { get; }

    public int Count { get; private set; }

    /// <summary>Keys of all records from <see cref="First"/> to this one are here.</summary>
    public ulong Through
    {
        get => Volatile.Read(ref _through);
        set => Volatile.Write(ref _through, value);
    }

    public KeySpan Span => new(First, Through, FirstStampedAt, LastStampedAt);

    /// <returns>False when it is full: half of its places are taken, or those that the row may have.</returns>
    public bool TryAdd(in KeyRow row)
    {
        if (Count == KeysMax)
            return false;
        var at = (int)(row.Hash >> _shift);
        while (at < _count && _slots[at].Sequence != 0)
            at++;
        if (at == _count)
            return false;
        _slots[at].Hash = row.Hash;
        Volatile.Write(ref _slots[at].Sequence, row.Sequence);
        Count++;
        return true;
    }

    public void Prefetch(ulong hash)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(_slots + (hash >> _shift));
    }

    /// <summary>The newest row of a hash that is older than <paramref name="before"/>.</summary>
    public bool TryFindBefore(ulong hash, ulong before, out ulong sequence)
    {
        sequence = 0;
        for (var at = (int)(hash >> _shift); at < _count; at++)
        {
            var there = Volatile.Read(ref _slots[at].Sequence);
            if (there == 0)
                break;
            if (_slots[at].Hash == hash && there < before && there > sequence)
                sequence = there;
        }
        return sequence != 0;
    }

    /// <summary>The same keys with room for more.</summary>
    public KeyTail Grown(int keys)
    {
        var larger = new KeyTail(First, FirstStampedAt, keys) { LastStampedAt = LastStampedAt };
        foreach (ref readonly var row in new ReadOnlySpan<KeyRow>(_slots, _count))
        {
            if (row.Sequence != 0)
                Invariant.That(larger.TryAdd(row));
        }
        larger.Through = Through;
        return larger;
    }

    /// <summary>Copies the rows in order.</summary>
    /// <param name="rows">Room for <see cref="Count"/>.</param>
    public void CopySorted(KeyRow* rows)
    {
        var count = 0;
        foreach (ref readonly var row in new ReadOnlySpan<KeyRow>(_slots, _count))
        {
            if (row.Sequence == 0)
                continue;
            var at = count++;
            for (; at > 0 && row.IsBefore(rows[at - 1]); at--)
                rows[at] = rows[at - 1];
            rows[at] = row;
        }
    }

    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_slots == null)
            return;
        KeyTailMemory.Return(_slots, _count);
        _slots = null;
    }
}
