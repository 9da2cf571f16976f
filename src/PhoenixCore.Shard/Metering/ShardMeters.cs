using System.Runtime.CompilerServices;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;

namespace PhoenixCore.Shard.Metering;

/// <summary>What the shard's threads count of their own work. Each number has one writer; any thread reads. Counting allocates nothing, takes no lock, and asks the clock at most twice for a whole drain or group.</summary>
public sealed class ShardMeters
{
    /// <summary>Place of answers that a key remembered.</summary>
    private const int Replayed = Columns - 1;
    private const int Columns = 128;

    private readonly long[] _commands = new long[256 * Columns];
    private readonly LoopSteps _steps = new();
    private long _ringFull;

    internal ShardMeters(int ringSlots) => Samples = new QueueSamples(ringSlots);

    /// <summary>Nanoseconds in the ring, of one command in <see cref="QueueSamples.Every"/>.</summary>
    public Histogram Queue { get; } = Histogram.OfDurations();

    /// <summary>Nanoseconds of deciding, applying and encoding: of each drain the mean, counted once for each command.</summary>
    public Histogram Apply { get; } = Histogram.OfDurations();

    /// <summary>Nanoseconds from a group's first fact until it went to the committer.</summary>
    public Histogram Append { get; } = Histogram.OfDurations();

    /// <summary>Nanoseconds of a group's checksums, framing, write and sync.</summary>
    public Histogram Flush { get; } = Histogram.OfDurations();

    /// <summary>Nanoseconds from durable to answered, counted once for each command that had to wait for its group.</summary>
    public Histogram Answer { get; } = Histogram.OfDurations();

    /// <summary>Commands that gave up because the ring stayed full; nothing was sent.</summary>
    public long RingFull => Volatile.Read(ref _ringFull);

    /// <summary>How often each loop has gone round. A loop that stands still does not move its number.</summary>
    public (long Sequencer, long Committer, long Answering) Steps => _steps.Read();

    internal QueueSamples Samples { get; }

    internal LoopSteps Loops => _steps;

    /// <summary>Commands since the start, by kind and result; only those that happened. A null result means that a key's first answer was repeated.</summary>
    public IEnumerable<(CommandKind Kind, LedgerResult? Result, long Count)> Commands()
    {
        for (var i = 0; i < _commands.Length; i++)
        {
            var count = Volatile.Read(ref _commands[i]);
            if (count == 0) continue;
            var column = i % Columns;
            yield return ((CommandKind)(i / Columns), column == Replayed ? null : (LedgerResult)column, count);
        }
    }

    /// <summary>Sequencer. A command that has to be looked up first comes again and is counted then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Count(CommandKind kind, in Outcome outcome)
    {
        if (outcome.Kind == OutcomeKind.SearchColdKeys) return;
        var column = outcome.Kind == OutcomeKind.Duplicate ? Replayed : (int)outcome.Result & (Columns - 1);
        ref var count = ref _commands[((int)kind * Columns) + column];
        Volatile.Write(ref count, unchecked(count + 1));
    }

    internal void CountRingFull() => Interlocked.Increment(ref _ringFull);
}
