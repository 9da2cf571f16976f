using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.State;

/// <summary>Pre-images of everything written while a batch is being decided, so that it can be taken back to the byte.</summary>
/// <remarks>The overlay of an atomic batch: instead of a second view of the state, operations are applied one after the other and then undone;
/// the finished fact is applied once more, for good. Every write to state goes through a <c>Write</c> accessor that asks <see cref="Active"/> first.</remarks>
internal sealed unsafe class UndoLog : IDisposable
{
    private byte* _bytes;
    private nuint _capacity;
    private nuint _used;

    public bool Active { get; private set; }

    public void Begin()
    {
        Invariant.That(!Active);
        Active = true;
        _used = 0;
    }

    /// <summary>Keeps what stands at the address now. Only while active.</summary>
    public void Save(void* address, int bytes)
    {
        unchecked
        {
            var need = (nuint)(16 + ((bytes + 7) & ~7));
            if (_used + need > _capacity) Grow(need);
            var entry = _bytes + _used;
            Unsafe.CopyBlockUnaligned(entry, address, (uint)bytes);
            // Behind the image, so that undo can walk from the end.
            var trailer = (ulong*)(entry + need - 16);
            trailer[0] = (ulong)address;
            trailer[1] = (uint)bytes;
            _used += need;
        }
    }

    /// <summary>Puts everything back, newest first, and ends.</summary>
    public void Undo()
    {
        unchecked
        {
            while (_used > 0)
            {
                var trailer = (ulong*)(_bytes + _used - 16);
                var bytes = (int)trailer[1];
                var need = (nuint)(16 + ((bytes + 7) & ~7));
                Unsafe.CopyBlockUnaligned((void*)trailer[0], _bytes + _used - need, (uint)bytes);
                _used -= need;
            }
        }

        Active = false;
    }

    private void Grow(nuint need)
    {
        unchecked
        {
            var capacity = Math.Max(_capacity * 2, Math.Max((nuint)65_536, _used + need));
            _bytes = (byte*)NativeMemory.Realloc(_bytes, capacity);
            _capacity = capacity;
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
    }
}
