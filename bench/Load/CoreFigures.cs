using System.Diagnostics;
using System.Runtime.InteropServices;
using PhoenixCore.Bench.Load.Core;
using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Journal;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Bench.Load;

/// <summary>Everything in one process, without sockets: roof, durable core with each writer, offered load, betting pairs, spreads, lots, recovery.</summary>
public sealed unsafe class CoreFigures(RunSettings settings, ResultTable table)
{
    private const int RoofCommands = 1 << 20;
    private const int BatchSize = 2_048;
    private const string FilesInMemory = "/dev/shm";
    private const long FilesInMemoryBytes = 8L << 30;

    private static readonly int[] OfferedRates = [100_000, 500_000, 1_000_000];

    private double _roof;
    private double _sync;

    public void Run(bool roofOnly)
    {
        ResultTable.Section("controls");
        _sync = DiskControl.SyncMicroseconds(settings.Directory);
        table.Add("one 4 KiB write and sync, median", _sync, "us");
        var direct = DiskControl.DirectBytesPerSecond(settings.Directory, settings.Quick ? 256 : 1_024);
        table.Add("sequential direct write", direct / 1e6, "MB/s");

        ResultTable.Section("roof: decide + apply + encode into memory, one thread");
        _roof = Roofs(Spread.Uniform, 1);
        table.Add("roof, uniform", _roof / 1e6, "M/s");
        var small = Roofs(Spread.Uniform, 6);
        table.Add("roof, wallets with several small lots", small / 1e6, "M/s");

        if (roofOnly) return;
        IntoReadySegments();
        foreach (var writer in new[] { WriterKind.Pwrite, WriterKind.Mapped }) Durable(writer, direct);
        WithoutDisk();
        SmallLots();
    }

    private double Roofs(Spread spread, int lots)
    {
        using var roof = new Roof(settings.Wallets, 1 << 22, lots);
        var commands = (Command*)NativeMemory.AlignedAlloc((nuint)RoofCommands * Command.SizeBytes, 64);
        var script = new Script(roof.Wallets, roof.House, spread, settings.Seed);
        var rates = new List<double>();
        for (var run = 0; run < settings.Repeats + 2; run++)
        {
            for (var i = 0; i < RoofCommands; i++)
            {
                commands[i] = default;
                script.Transfer(commands + i);
            }

            var rate = roof.Measure(commands, RoofCommands);
            if (run >= 2) rates.Add(rate); // two to warm up
        }

        NativeMemory.AlignedFree(commands);
        Check(roof.Ledger.FindFault());
        return ResultTable.Median(rates);
    }

    /// <summary>The core alone: nothing is zero-written meanwhile.</summary>
    private void IntoReadySegments()
    {
        ResultTable.Section("durable core into segments that are ready");
        var (seconds, bytes) = settings.Quick ? (3, 2L << 30) : (10, 6L << 30);
        using var run = new CoreRun(settings.Directory, settings.Wallets, WriterKind.Pwrite);
        var script = new Script(run.Wallets, run.House, Spread.Uniform, settings.Seed + 1);
        run.MakeReady(bytes);
        run.Saturate(0.3, Fill);
        var before = run.Shard.JournalBytes;
        var (flush, wait, records) = (run.Shard.JournalMeters.Flush.Read(), run.Shard.Meters.Append.Read(), run.Shard.JournalMeters.GroupRecords.Read());
        var rate = run.Saturate(seconds, Fill);
        table.Add("into ready segments, mean of a group's records", Mean(records, run.Shard.JournalMeters.GroupRecords.Read()), "");
        table.Add("into ready segments, mean of its write and sync", Mean(flush, run.Shard.JournalMeters.Flush.Read()) / 1e6, "ms");
        table.Add("into ready segments, mean from its first fact to its hand-over", Mean(wait, run.Shard.Meters.Append.Read()) / 1e6, "ms");
        table.Add($"into ready segments, at maximum for {seconds} s", rate / 1e6, "M/s", 3);
        table.Add("into ready segments, share of the roof", rate / _roof, "ratio", 0.6);
        table.Add("into ready segments, bytes of groups", (run.Shard.JournalBytes - before) / (double)seconds / 1e6, "MB/s");
        Check(run.Shard.FindFault());

        void Fill(ShardBatch batch)
        {
            for (var i = 0; i < BatchSize; i++) script.Transfer(batch.Add());
        }
    }

    private static double Mean(HistogramReading before, HistogramReading after) => (after.Sum - before.Sum) / (double)Math.Max(1, after.Count - before.Count);

    private void Durable(WriterKind writer, double direct)
    {
        ResultTable.Section($"durable core, writer {writer}: ring, group commit, keys, lots, back-links, checksums, chain");
        using var run = new CoreRun(settings.Directory, settings.Wallets, writer);
        var first = writer == WriterKind.Pwrite;
        var script = new Script(run.Wallets, run.House, Spread.Uniform, settings.Seed + 1);
        void Fill(ShardBatch batch)
        {
            for (var i = 0; i < BatchSize; i++) script.Transfer(batch.Add());
        }

        run.Saturate(settings.Slice, Fill);
        var pauses = new HiccupControl();
        var allocated = run.Shard.LoopAllocations;
        var rates = Enumerable.Range(0, settings.Repeats).Select(_ => run.Saturate(settings.Slice, Fill)).ToArray();
        var uniform = ResultTable.Median(rates);
        table.Add($"{writer}: uniform, at maximum", uniform / 1e6, "M/s");
        table.Add($"{writer}: share of the roof", uniform / _roof, "ratio");
        if (first)
        {
            table.Add("bytes allocated per operation on sequencer and committer", (run.Shard.LoopAllocations - allocated) / (uniform * settings.Slice * settings.Repeats), "B", 0.01, most: true);
            table.Add("longest garbage collection above the hiccup control", pauses.LongestCollectionAboveControl(), "ms", 5, most: true);
            Spreads(run, uniform);
            Sustained(run, Fill, direct);
        }

        foreach (var rate in OfferedRates)
        {
            var latencies = run.Offer(settings.Slice, rate, (batch, count) =>
            {
                for (var i = 0; i < count; i++) script.Transfer(batch.Add());
            });
            table.Add($"{writer}: {rate / 1_000} k/s offered, p50", latencies.At(0.5), "us", first && rate == 100_000 ? 2.5 * _sync : null, most: true);
            table.Add($"{writer}: {rate / 1_000} k/s offered, p99", latencies.At(0.99), "us");
            table.Add($"{writer}: {rate / 1_000} k/s offered, p99.9", latencies.At(0.999), "us");
        }

        if (!first) return;
        table.Add("betting flow in process (reserve, settle to one house)", ResultTable.Median(Enumerable.Range(0, settings.Repeats).Select(_ => run.BettingPairs(settings.Slice, script))) / 1e6, "M/s", 1);
        Check(run.Shard.FindFault());
        Recover(run);
    }

    /// <summary>The control beside the durable rows: the same code on files in memory, so that what is left is not the disk's.</summary>
    private void WithoutDisk()
    {
        ResultTable.Section("no disk: the same on files in memory, writer Pwrite");
        if (!Directory.Exists(FilesInMemory) || new DriveInfo(FilesInMemory).AvailableFreeSpace < FilesInMemoryBytes)
        {
            Console.WriteLine($"  {FilesInMemory} has not {FilesInMemoryBytes >> 30} GiB free: skipped");
            return;
        }

        using var run = new CoreRun(FilesInMemory, settings.Wallets, WriterKind.Pwrite);
        var script = new Script(run.Wallets, run.House, Spread.Uniform, settings.Seed + 3);
        void Fill(ShardBatch batch, int count)
        {
            for (var i = 0; i < count; i++) script.Transfer(batch.Add());
        }

        run.Saturate(settings.Slice, batch => Fill(batch, BatchSize));
        table.Add("no disk: uniform, at maximum", run.Saturate(settings.Slice, batch => Fill(batch, BatchSize)) / 1e6, "M/s");
        foreach (var rate in OfferedRates)
        {
            var latencies = run.Offer(settings.Slice, rate, Fill);
            table.Add($"no disk: {rate / 1_000} k/s offered, p50", latencies.At(0.5), "us");
            table.Add($"no disk: {rate / 1_000} k/s offered, p99", latencies.At(0.99), "us");
        }

        Check(run.Shard.FindFault());
    }

    private void Spreads(CoreRun run, double uniform)
    {
        foreach (var spread in new[] { Spread.Zipf, Spread.HotHouse })
        {
            var script = new Script(run.Wallets, run.House, spread, settings.Seed + 10 + (ulong)spread);
            var rates = Enumerable.Range(0, settings.Repeats).Select(_ => run.Saturate(settings.Slice, batch =>
            {
                for (var i = 0; i < BatchSize; i++) script.Transfer(batch.Add());
            }));
            var rate = ResultTable.Median(rates);
            table.Add($"{spread}, at maximum", rate / 1e6, "M/s");
            table.Add($"{spread}, share of uniform", rate / uniform, "ratio", spread == Spread.HotHouse ? 0.9 : null);
        }
    }

    private void Sustained(CoreRun run, Action<ShardBatch> fill, double direct)
    {
        var seconds = settings.Quick ? 8 : 60;
        var before = run.JournalBytes;
        var rate = run.Saturate(seconds, fill);
        table.Add($"sustained for {seconds} s with segments prepared meanwhile", rate / 1e6, "M/s", 1.5);
        table.Add("sustained, share of sequential direct write in bytes", (run.JournalBytes - before) / seconds / direct, "ratio");
    }

    private void SmallLots()
    {
        ResultTable.Section("wallets with several small lots");
        using var run = new CoreRun(settings.Directory, settings.Wallets, WriterKind.Pwrite, lotsPerWallet: 6);
        var script = new Script(run.Wallets, run.House, Spread.Uniform, settings.Seed + 2);
        var rates = Enumerable.Range(0, settings.Repeats).Select(_ => run.Saturate(settings.Slice, batch =>
        {
            for (var i = 0; i < BatchSize; i++) script.Transfer(batch.Add());
        })).ToArray();
        table.Add("several small lots, at maximum", ResultTable.Median(rates) / 1e6, "M/s", 1.5);
        Check(run.Shard.FindFault());
    }

    private void Recover(CoreRun run)
    {
        ResultTable.Section("recovery");
        var warm = run.Recover(out var facts);
        table.Add("recovery from a warm cache", facts / warm / 1e6, "M/s", 4);
        var read = run.Shard.Recovery.ReadBytes;
        table.Add("recovery, bytes read", read / warm / 1e6, "MB/s");
        table.Add("sequential read from the device, cold", DiskControl.ColdReadBytesPerSecond(run.DataDirectory) / 1e6, "MB/s");
        Check(run.Shard.FindFault());
    }

    private static void Check(string? fault)
    {
        if (fault != null) throw new InvalidOperationException("the books do not balance: " + fault);
    }
}
