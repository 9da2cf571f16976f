using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PhoenixCore.Ledger.State;

/// <summary>Rows of one kind in native memory, addressed by dense handles; freed ones are reused last-freed-first, which replay repeats.</summary>
/// <remarks>Handle 0 is "none": its row holds the pool's own three counters. A free row keeps the next free handle in its first four bytes.</remarks>
internal sealed unsafe class RowPool<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeRegion? _region;
    private readonly UndoLog _undo;
    private readonly byte* _base;
    private readonly int _capacity;

    public RowPool(int capacity, bool hugePages, UndoLog undo)
        : this(new NativeRegion((long)capacity * sizeof(T), hugePages), capacity, undo)
    {
    }

    /// <param name="memory">Room for the rows that someone else gives back.</param>
    public RowPool(byte* memory, int capacity, UndoLog undo)
    {
        _undo = undo;
        _base = memory;
        _capacity = capacity;
        _undo.Register();
        Header->Bump = 1;
    }

    private RowPool(NativeRegion region, int capacity, UndoLog undo)
        : this(region.Base, capacity, undo) => _region = region;

    /// <summary>Rows in use.</summary>
    public int Live => Header->Live;

    /// <summary>One more than the highest handle ever used.</summary>
    public int End => Header->Bump;

    public StateSection Section(StateTable table) => new(table, sizeof(T), (nint)_base, (long)End * sizeof(T));

    /// <summary>Where the rows of a snapshot go; null when they are not rows of this pool.</summary>
    public byte* Place(in StateSection stored) => stored.RowBytes == sizeof(T) && stored.Bytes >= sizeof(T) && stored.Bytes <= (long)_capacity * sizeof(T) ? _base : null;

    private PoolHeader* Header => (PoolHeader*)_base;

    /// <summary>For reading only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Read(int handle) => (T*)unchecked(_base + ((nint)handle * sizeof(T)));

    /// <summary>For writing: the one place where a row is about to change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Write(int handle)
    {
        var row = Read(handle);
        if (_undo.Active) _undo.Save(row, sizeof(T));
        return row;
    }

    /// <summary>The handle that <see cref="Allocate"/> will give next; with its result as argument, the one after it, and so on.</summary>
    public int Upcoming(ref RowCursor cursor)
    {
        if (!cursor.Started)
        {
            cursor.Started = true;
            cursor.Free = Header->FreeHead;
            cursor.Bump = Header->Bump;
        }

        if (cursor.Free == 0) return cursor.Bump++;
        var handle = cursor.Free;
        cursor.Free = *(int*)Read(handle);
        return handle;
    }

    /// <summary>Takes the next row, cleared.</summary>
    /// <exception cref="InvariantBrokenException">The pool is full; the shard checks capacity long before.</exception>
    public int Allocate()
    {
        if (_undo.Active) _undo.Save(Header, sizeof(PoolHeader));
        var handle = Header->FreeHead;
        if (handle == 0)
        {
            handle = Header->Bump;
            Invariant.That(handle < _capacity);
            Header->Bump = handle + 1;
        }
        else
        {
            Header->FreeHead = *(int*)Read(handle);
            Sse.Prefetch0(Read(Header->FreeHead)); // whoever comes next has to read it, and nobody else has for long
        }

        Header->Live++;
        *Write(handle) = default;
        return handle;
    }

    public void Free(int handle)
    {
        if (_undo.Active) _undo.Save(Header, sizeof(PoolHeader));
        var row = Write(handle);
        *row = default;
        *(int*)row = Header->FreeHead;
        Header->FreeHead = handle;
        Header->Live--;
    }

    public void Dispose() => _region?.Dispose();

    private struct PoolHeader
    {
        public int Bump;
        public int FreeHead;
        public int Live;
    }
}
