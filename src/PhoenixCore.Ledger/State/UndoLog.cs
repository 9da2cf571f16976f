using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.State;

/// <summary>Pre-images of everything written while a batch is being decided, so that it can be taken back to the byte; and where a snapshot hears of writes.</summary>
/// <remarks>The overlay of an atomic batch: instead of a second view of the state, operations are applied one after the other and then undone;
/// the finished fact is applied once more, for good. Every write to state goes through a <c>Write</c> accessor that asks <see cref="Active"/> first.</remarks>
internal sealed unsafe class UndoLog : IDisposable
{
    private byte* _bytes;
    private nuint _capacity;
    private nuint _used;
    private IStateWatcher? _watcher;
    private List<NativeRegion>? _retired;

    /// <summary>Somebody wants to hear of writes before they are made.</summary>
    public bool Active { get; private set; }

    /// <summary>What is written now will be taken back.</summary>
    public bool IsProvisional { get; private set; }

    /// <summary>Tables that have been made with this log: each must be in the list of sections.</summary>
    public int Tables { get; private set; }

    public void Register(int tables = 1) => Tables += tables;

    public void Begin()
    {
        Invariant.That(!IsProvisional);
        IsProvisional = true;
        Active = true;
        _used = 0;
    }

    /// <summary>From here on the watcher hears of every write.</summary>
    public void Watch(IStateWatcher watcher)
    {
        Invariant.That(_watcher == null && !IsProvisional);
        _watcher = watcher;
        Active = true;
    }

    public void Unwatch()
    {
        Invariant.That(_watcher != null && !IsProvisional);
        _watcher = null;
        Active = false;
        if (_retired == null) return;
        foreach (var region in _retired) region.Dispose();
        _retired.Clear();
    }

    /// <summary>Gives back memory of a table that has moved, once nobody looks at it any more.</summary>
    public void Retire(NativeRegion region)
    {
        if (_watcher == null) region.Dispose();
        else (_retired ??= []).Add(region);
    }

    /// <summary>As <see cref="Save"/> for what no batch being decided writes.</summary>
    public void Tell(void* address, int bytes)
    {
        Invariant.That(!IsProvisional);
        _watcher?.BeforeWrite(address, bytes);
    }

    /// <summary>Keeps what stands at the address now. Only while active.</summary>
    public void Save(void* address, int bytes)
    {
        _watcher?.BeforeWrite(address, bytes);
        if (!IsProvisional) return;
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

        IsProvisional = false;
        Active = _watcher != null;
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
        if (_watcher != null) Unwatch();
        NativeMemory.Free(_bytes);
        _bytes = null;
    }
}
