using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>The state as it was at one moment, while the writer goes on: a block is copied aside before its first change.</summary>
/// <remarks>
/// Two threads. The writer copies a block, then claims it; the reader copies a block, then claims it; who claims first by compare-and-swap has the copy that counts, and
/// neither ever waits. Made and ended on the writer's thread, between two commands. Memory: the copies, at most the state's size, in untouched address space until then.
/// </remarks>
internal sealed unsafe class StateImage : IStateWatcher, IDisposable
{
    private const int BlockBits = 12;

    /// <summary>What is copied at once. Larger blocks cost the writer more than they save (ADR 0017).</summary>
    public const int BlockBytes = 1 << BlockBits;

    // What the map says of a block; from FirstCopy on: the writer's copy. Zero: no part of the image.
    private const uint Pending = 1;
    private const uint Taken = 2;
    private const uint FirstCopy = 3;

    private readonly NativeRegion _map;
    private readonly NativeRegion _copies;
    private readonly uint* _states;
    private readonly nuint _firstBlock;
    private readonly nuint _blocks;
    private uint _used;

    public StateImage(StateSection[] sections)
    {
        Sections = sections;
        var (low, high, blocks) = (nuint.MaxValue, (nuint)0, 0L);
        foreach (var section in sections)
        {
            if (((nuint)section.Address & (BlockBytes - 1)) != 0) throw new ArgumentException($"{section.Table} does not begin a page", nameof(sections));
            low = Math.Min(low, FirstOf(section));
            high = Math.Max(high, FirstOf(section) + (nuint)BlocksOf(section));
            blocks += BlocksOf(section);
        }

        (_firstBlock, _blocks) = (low, high - low);
        _map = new NativeRegion((long)_blocks * sizeof(uint), hugePages: false);
        _copies = new NativeRegion(Math.Max(1, blocks) << BlockBits, hugePages: true);
        _states = (uint*)_map.Base;
        foreach (var section in sections) Begin(section);
    }

    public StateSection[] Sections { get; }

    /// <summary>Memory that the copies take, a moment old.</summary>
    public long CopiedBytes => (long)Volatile.Read(ref _used) << BlockBits;

    /// <inheritdoc/>
    public void BeforeWrite(void* address, int bytes)
    {
        unchecked
        {
            var last = (((nuint)address + (nuint)bytes - 1) >> BlockBits) - _firstBlock;
            for (var block = ((nuint)address >> BlockBits) - _firstBlock; block <= last; block++)
            {
                if (block < _blocks && _states[block] == Pending) Copy(block);
            }
        }
    }

    /// <summary>Copies a part of a section as it was. One thread; each block once.</summary>
    /// <param name="offset">Begins a block.</param>
    public void Read(in StateSection section, long offset, byte* to, int bytes)
    {
        unchecked
        {
            Unsafe.CopyBlockUnaligned(to, section.Memory + offset, (uint)bytes);
            var block = FirstOf(section) + (nuint)(offset >> BlockBits) - _firstBlock;
            for (var at = 0; at < bytes; at += BlockBytes, block++)
            {
                var state = Interlocked.CompareExchange(ref _states[block], Taken, Pending);
                if (state >= FirstCopy) Unsafe.CopyBlockUnaligned(to + at, CopyAt(state - FirstCopy), (uint)Math.Min(BlockBytes, bytes - at));
            }
        }
    }

    public void Dispose()
    {
        _map.Dispose();
        _copies.Dispose();
    }

    private static nuint FirstOf(in StateSection section) => (nuint)section.Address >> BlockBits;

    private static long BlocksOf(in StateSection section) => (section.Bytes + BlockBytes - 1) >> BlockBits;

    private byte* CopyAt(uint copy) => unchecked(_copies.Base + ((nuint)copy << BlockBits));

    /// <summary>What fits into one block is copied at once: the scalars are written with every fact, and without telling.</summary>
    private void Begin(in StateSection section)
    {
        var first = FirstOf(section) - _firstBlock;
        var blocks = BlocksOf(section);
        if (blocks == 1)
        {
            Unsafe.CopyBlockUnaligned(CopyAt(_used), section.Memory, (uint)section.Bytes);
            _states[first] = FirstCopy + _used++;
            return;
        }

        for (long done = 0; done < blocks; done += int.MaxValue) new Span<uint>(_states + first + done, (int)Math.Min(int.MaxValue, blocks - done)).Fill(Pending);
    }

    private void Copy(nuint block)
    {
        Unsafe.CopyBlockUnaligned(CopyAt(_used), (void*)unchecked((_firstBlock + block) << BlockBits), BlockBytes);
        if (Interlocked.CompareExchange(ref _states[block], FirstCopy + _used, Pending) == Pending) Volatile.Write(ref _used, _used + 1);
    }
}
