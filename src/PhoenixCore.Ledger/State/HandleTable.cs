using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PhoenixCore.Ledger.State;

/// <summary>From the hash of a key to a handle: open addressing, 8 bytes a slot (32-bit tag, 32-bit handle); the row itself proves the key.</summary>
/// <remarks>The home slot is the top bits of the tag, so doubling is one sequential sweep that never looks at rows. Deletion shifts back, so there are no tombstones.</remarks>
internal sealed unsafe class HandleTable : IDisposable
{
    private const int Slack = 4_096; // clusters run past the end instead of wrapping

    private readonly UndoLog _undo;
    private readonly bool _hugePages;
    private NativeRegion _region;
    private ulong* _slots;
    private int _bits;

    public HandleTable(int capacity, bool hugePages, UndoLog undo)
    {
        _undo = undo;
        _undo.Register();
        _hugePages = hugePages;
        _bits = Math.Max(10, BitOperations.Log2((uint)Math.Max(1, capacity)) + 1);
        _region = new NativeRegion(Slots(_bits) * 8, hugePages);
        _slots = (ulong*)_region.Base;
    }

    public int Count { get; private set; }

    public long Bytes => Slots(_bits) * 8;

    public StateSection Section(StateTable table) => new(table, 8, (nint)_slots, Bytes, (ulong)_bits, (ulong)Count);

    /// <summary>Where the slots of a snapshot go; null when they are none. The table takes the size that it had then.</summary>
    public byte* Place(in StateSection stored)
    {
        var bits = (int)stored.First;
        if (stored.RowBytes != 8 || bits is < 10 or > 31 || stored.Bytes != Slots(bits) * 8) return null;
        _region.Dispose();
        _region = new NativeRegion(stored.Bytes, _hugePages);
        _slots = (ulong*)_region.Base;
        _bits = bits;
        Count = (int)stored.Second;
        return _region.Base;
    }

    private static long Slots(int bits) => (1L << bits) + Slack;

    /// <summary>What a slot keeps of a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint TagOf(ulong hash) => (uint)(hash >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint tag)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Home(tag));
    }

    /// <summary>The handle whose row matches; 0 = none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find<TMatch>(ulong hash, TMatch match)
        where TMatch : struct, IRowMatch
    {
        var tag = TagOf(hash);
        for (var slot = Home(tag); ; slot = unchecked(slot + 1))
        {
            var value = *slot;
            if (value == 0) return 0;
            if ((uint)(value >> 32) == tag && match.Matches(unchecked((int)value))) return unchecked((int)value);
        }
    }

    /// <summary>The first handle with the tag, unproven: good enough to prefetch its row. 0 = none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Guess(uint tag)
    {
        for (var slot = Home(tag); ; slot = unchecked(slot + 1))
        {
            var value = *slot;
            if (value == 0) return 0;
            if ((uint)(value >> 32) == tag) return unchecked((int)value);
        }
    }

    /// <summary>Makes sure that so many inserts will not move the table; an undo log holds addresses.</summary>
    public void EnsureRoom(int inserts)
    {
        while ((long)(Count + inserts) * 4 > 3L << _bits) Double();
    }

    /// <param name="handle">Positive; the caller knows that the key is not there yet.</param>
    public void Insert(ulong hash, int handle)
    {
        if ((Count + 1L) * 4 > 3L << _bits) Double();
        var tag = TagOf(hash);
        var slot = Home(tag);
        while (*slot != 0) slot = unchecked(slot + 1);
        Put(slot, ((ulong)tag << 32) | (uint)handle);
        Count++;
    }

    /// <summary>Changes the handle of a key that is there.</summary>
    public void Replace(ulong hash, int oldHandle, int newHandle) => Put(SlotOf(hash, oldHandle), ((hash >> 32) << 32) | (uint)newHandle);

    public void Remove(ulong hash, int handle)
    {
        var hole = SlotOf(hash, handle);
        for (var next = unchecked(hole + 1); *next != 0; next = unchecked(next + 1))
        {
            if (Home((uint)(*next >> 32)) > hole) continue; // it would move in front of its home
            Put(hole, *next);
            hole = next;
        }

        Put(hole, 0);
        Count--;
    }

    /// <summary>Undo restores slots by address; the count is restored by the caller's arithmetic.</summary>
    public void RestoreCount(int count) => Count = count;

    public void Dispose()
    {
        _region.Dispose();
        _slots = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* Home(uint tag) => unchecked(_slots + (tag >> (32 - _bits)));

    private ulong* SlotOf(ulong hash, int handle)
    {
        var value = ((hash >> 32) << 32) | (uint)handle;
        var slot = Home(TagOf(hash));
        while (*slot != value)
        {
            Invariant.That(*slot != 0);
            slot = unchecked(slot + 1);
        }

        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(ulong* slot, ulong value)
    {
        if (_undo.Active) _undo.Save(slot, 8);
        *slot = value;
    }

    private void Double()
    {
        Invariant.That(_bits < 31 && !_undo.IsProvisional);
        var old = _slots;
        var oldRegion = _region;
        var oldSlots = Slots(_bits);
        _bits++;
        _region = new NativeRegion(Slots(_bits) * 8, _hugePages);
        _slots = (ulong*)_region.Base;
        for (long i = 0; i < oldSlots; i++)
        {
            if (old[i] == 0) continue;
            var slot = Home((uint)(old[i] >> 32));
            while (*slot != 0) slot = unchecked(slot + 1);
            *slot = old[i];
        }

        _undo.Retire(oldRegion);
    }
}
