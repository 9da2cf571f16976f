using System.Numerics;
using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger.State;

/// <summary>Byte strings of the state (programs, attributes, what reservations remember) in rows of 64 bytes, 128, … 16 KiB.</summary>
/// <remarks>A handle is 16 × row + class; freed rows are reused last-freed-first, which replay repeats. Never moves; 0 = none.</remarks>
internal sealed unsafe class BlobPool : IDisposable
{
    public const int BytesMax = (SmallestRow << (Classes - 1)) - HeaderBytes;
    public const int Classes = 9;
    private const int SmallestRow = 64;
    private const int HeaderBytes = 16;
    private const int RowsMax = 1 << 27;

    private readonly UndoLog _undo;
    private readonly NativeRegion[] _regions = new NativeRegion[Classes];
    private readonly int _capacity;

    /// <param name="capacity">Rows of the smallest class; each larger class has half as many.</param>
    public BlobPool(int capacity, UndoLog undo)
    {
        _undo = undo;
        _undo.Register(Classes);
        _capacity = Math.Min(capacity, RowsMax);
        for (var i = 0; i < Classes; i++)
        {
            _regions[i] = new NativeRegion((long)_capacity * SmallestRow, false);
            ((PoolHeader*)_regions[i].Base)->Bump = 1;
        }
    }

    public byte* Read(int handle) => handle == 0 ? null : Row(handle) + HeaderBytes;

    public int LengthOf(int handle) => handle == 0 ? 0 : *(int*)Row(handle);

    /// <summary>Keeps a copy; 0 for nothing.</summary>
    public int Add(byte* bytes, int length)
    {
        if (length == 0) return 0;
        Invariant.That(length <= BytesMax);
        var size = BitOperations.Log2((uint)(length + HeaderBytes - 1) / SmallestRow) + ((length + HeaderBytes) > SmallestRow ? 1 : 0);
        var header = (PoolHeader*)_regions[size].Base;
        if (_undo.Active) _undo.Save(header, sizeof(PoolHeader));
        var row = header->FreeHead;
        if (row == 0)
        {
            row = header->Bump;
            Invariant.That(row < _capacity >> size);
            header->Bump = row + 1;
        }
        else
        {
            header->FreeHead = *(int*)Row((row * 16) + size);
        }

        header->Live++;
        var place = Row((row * 16) + size);
        if (_undo.Active) _undo.Save(place, HeaderBytes + length);
        *(int*)place = length;
        Unsafe.CopyBlockUnaligned(place + HeaderBytes, bytes, (uint)length);
        return (row * 16) + size;
    }

    public void Free(int handle)
    {
        if (handle == 0) return;
        var header = (PoolHeader*)_regions[handle & 15].Base;
        var place = Row(handle);
        if (_undo.Active)
        {
            _undo.Save(header, sizeof(PoolHeader));
            _undo.Save(place, HeaderBytes);
        }

        *(int*)place = header->FreeHead;
        header->FreeHead = handle >> 4;
        header->Live--;
    }

    /// <param name="size">Class of rows, 0 to 8.</param>
    public StateSection Section(int size) =>
        new(StateTable.Blobs + size, SmallestRow << size, (nint)_regions[size].Base, (long)((PoolHeader*)_regions[size].Base)->Bump * (SmallestRow << size));

    /// <summary>Where a class's rows of a snapshot go; null when they are none.</summary>
    public byte* Place(int size, in StateSection stored) =>
        stored.RowBytes == SmallestRow << size && stored.Bytes >= stored.RowBytes && stored.Bytes <= (long)(_capacity >> size) * stored.RowBytes ? _regions[size].Base : null;

    public void Dispose()
    {
        foreach (var region in _regions) region.Dispose();
    }

    private byte* Row(int handle) => unchecked(_regions[handle & 15].Base + ((nint)(handle >> 4) * (SmallestRow << (handle & 15))));

    private struct PoolHeader
    {
        public int Bump;
        public int FreeHead;
        public int Live;
    }
}
