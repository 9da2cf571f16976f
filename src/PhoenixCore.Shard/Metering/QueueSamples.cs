using System.Numerics;
using System.Runtime.CompilerServices;
using PhoenixCore.Journal.Metering;

namespace PhoenixCore.Shard.Metering;

/// <summary>When some of the commands were put into the ring: those whose position is a multiple of <see cref="Every"/>. Producers write, the sequencer reads and clears.</summary>
/// <remarks>A place belongs to whoever has the ring's slot, so it needs no lock of its own.</remarks>
internal sealed class QueueSamples
{
    /// <summary>A power of two; the smallest ring has one sample.</summary>
    public const int Every = 64;

    private static readonly int Shift = BitOperations.Log2(Every);
    private readonly long[] _stamps;
    private readonly int _mask;

    /// <param name="ringSlots">A power of two.</param>
    public QueueSamples(int ringSlots)
    {
        _stamps = new long[Math.Max(1, ringSlots / Every)];
        _mask = _stamps.Length - 1;
    }

    /// <summary>A producer, before it publishes positions that it has claimed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(long first, int count)
    {
        var sampled = (first + Every - 1) & -Every;
        if (sampled < first + count) Write(sampled, first + count);
    }

    /// <summary>Sequencer, for positions that it has handled and not given back yet.</summary>
    /// <param name="taken">When it began with them.</param>
    public void Collect(long first, int count, long taken, Histogram into)
    {
        for (var position = (first + Every - 1) & -Every; position < first + count; position += Every)
        {
            ref var stamp = ref _stamps[(int)(position >> Shift) & _mask];
            if (stamp != 0) into.Observe(taken - stamp);
            stamp = 0;
        }
    }

    private void Write(long position, long end)
    {
        var now = Ticks.Now;
        for (; position < end; position += Every) _stamps[(int)(position >> Shift) & _mask] = now;
    }
}
