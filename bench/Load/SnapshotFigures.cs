using System.Diagnostics;
using PhoenixCore.Bench.Load.Core;
using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Bench.Load;

/// <summary>A snapshot of many wallets under full load: what callers feel of it, and how fast a start from it is.</summary>
public sealed unsafe class SnapshotFigures(RunSettings settings, ResultTable table)
{
    private const int BatchSize = 2_048;
    private const double Mebibyte = 1 << 20;

    public void Run()
    {
        var wallets = settings.Quick ? Math.Max(settings.Wallets, 1_000_000) : 10_000_000;
        ResultTable.Section($"snapshot: {wallets / 1e6:F0} M wallets, senders at maximum");
        using var run = new CoreRun(settings.Directory, wallets, WriterKind.Pwrite);
        var script = new Script(run.Wallets, run.House, Spread.Uniform, settings.Seed + 3);
        void Fill(ShardBatch batch)
        {
            for (var i = 0; i < BatchSize; i++) script.Transfer(batch.Add());
        }

        run.Saturate(settings.Slice, Fill);
        Load(run, Fill, wallets);
        Restart(run, Fill, settings.Quick ? 1_000_000 : 10_000_000);
    }

    private void Load(CoreRun run, Action<ShardBatch> fill, int wallets)
    {
        var stop = false;
        var sender = new Thread(() =>
        {
            while (!Volatile.Read(ref stop)) run.Saturate(1, fill);
        });
        sender.Start();
        var (before, beforeGap) = Watch(run, () => false, settings.Slice * 2);
        var taken = run.Shard.Snapshots.TakeAsync();
        var (during, duringGap) = Watch(run, () => taken.IsCompleted, 600);
        var progress = run.Shard.Snapshots.Progress;
        var (after, _) = Watch(run, () => false, settings.Slice);
        Volatile.Write(ref stop, true);
        sender.Join();
        var info = taken.GetAwaiter().GetResult();
        table.Add("facts per second before", before / 1e6, "M/s");
        table.Add("facts per second while it is taken, share of before", during / before, "ratio", 0.9);
        table.Add("facts per second after, share of before", after / before, "ratio");
        table.Add("longest gap between answers before", beforeGap, "ms");
        table.Add("longest gap between answers while it is taken", duringGap, "ms", 20, most: true);
        table.Add("file", info.Bytes / Mebibyte, "MiB");
        table.Add("file, per wallet", info.Bytes / (double)wallets, "B");
        table.Add("blocks copied aside", progress.CopiedBytes / Mebibyte, "MiB");
        table.Add("writes were watched for", progress.CopyMilliseconds / 1_000, "s");
    }

    /// <summary>Answers per second, and the longest time without one.</summary>
    private static (double Rate, double LongestGap) Watch(CoreRun run, Func<bool> isDone, double secondsMax)
    {
        var start = Stopwatch.GetTimestamp();
        var (first, lastAt, last, longest) = (run.Shard.Cursors.Committed, start, run.Shard.Cursors.Answered, 0L); // a batch counts once among the answered
        while (!isDone() && Stopwatch.GetElapsedTime(start).TotalSeconds < secondsMax)
        {
            var now = run.Shard.Cursors.Answered;
            var at = Stopwatch.GetTimestamp();
            if (now != last)
            {
                longest = Math.Max(longest, at - lastAt);
                (last, lastAt) = (now, at);
            }

            Thread.Sleep(1); // as fine as the figures need, and no core of its own
        }

        return ((run.Shard.Cursors.Committed - first) / Stopwatch.GetElapsedTime(start).TotalSeconds, longest * 1_000.0 / Stopwatch.Frequency);
    }

    private void Restart(CoreRun run, Action<ShardBatch> fill, long facts)
    {
        var info = run.Shard.Snapshots.TakeAsync().GetAwaiter().GetResult();
        while (run.Shard.Cursors.Committed < info.Sequence + (ulong)facts) run.Saturate(settings.Slice / 4, fill);
        var watch = Stopwatch.StartNew();
        run.Recover(out _);
        var seconds = watch.Elapsed.TotalSeconds;
        if (run.Shard.RecoveredFrom?.Sequence != info.Sequence) throw new InvalidOperationException("the snapshot was not used");
        var bytes = info.Bytes + run.Shard.Recovery.ReadBytes;
        table.Add($"start from it and {run.Shard.Recovery.VisitedRecords / 1e6:F1} M facts, warm cache", seconds, "s", 15, most: true);
        table.Add("start, bytes read", bytes / seconds / 1e6, "MB/s");
        var cold = DiskControl.ColdReadBytesPerSecond(run.DataDirectory);
        table.Add("sequential read from the device, cold", cold / 1e6, "MB/s");
        table.Add("start, share of the cold sequential read", bytes / seconds / cold, "ratio", 0.7);
        if (run.Shard.FindFault() is { } fault) throw new InvalidOperationException(fault);
    }
}
