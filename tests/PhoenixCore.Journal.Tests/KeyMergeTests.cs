using System.Diagnostics;
using PhoenixCore.Journal.KeyIndex;
using PhoenixCore.Journal.Simulation;
using Xunit.Abstractions;

namespace PhoenixCore.Journal.Tests;

public class KeyMergeTests(ITestOutputHelper output)
{
    private static readonly bool Nightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";

    [Fact]
    public void A_merged_run_has_the_rows_of_its_inputs_in_order()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var storage = new SimulatedStorage();
            var (rows, runs) = (new List<KeyRow>(), new List<KeyRun>());
            var sequence = 1UL;
            for (var i = 0; i < 2 + random.Next(8); i++)
                runs.Add(Run(storage, ref sequence, random.Next(5) == 0 ? 0 : random.Next(1, 700), random, rows));
            var merged = Merge(storage, runs);
            rows.Sort();
            Assert.Equal(rows, Rows(storage, merged));
            foreach (var row in rows)
            {
                Assert.True(merged.MayHold(row.Hash));
                Assert.True(merged.TryFindBefore(row.Hash, row.Sequence + 1, out var found) && found == row.Sequence);
                Assert.Equal(rows.Exists(other => other.Hash == row.Hash && other.Sequence < row.Sequence), merged.TryFindBefore(row.Hash, row.Sequence, out _));
            }
        }
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(64, 64, 0)]
    [InlineData(65, 64, 1)]
    [InlineData(64 * KeyLevels.FanOut, 64, 1)]
    [InlineData((64 * KeyLevels.FanOut) + 1, 64, 2)]
    public void A_level_is_a_fan_out_times_the_one_below(long keys, int tailKeys, int level) => Assert.Equal(level, KeyLevels.LevelOf(keys, tailKeys));

    /// <summary>A number, not a verdict: processor time for each row that is written or merged once.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Processor_time_of_writing_and_merging(int fanOut)
    {
        using var directory = new TemporaryDirectory();
        var storage = new PosixStorage(directory.Path);
        var random = new Random(1);
        var each = Nightly ? 1 << 18 : 1 << 10;
        var sequence = 1UL;
        Merge(storage, [Run(storage, ref sequence, 1 << 10, random, []), Run(storage, ref sequence, 1 << 10, random, [])]);
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var runs = new List<KeyRun>();
        for (var i = 0; i < fanOut; i++)
            runs.Add(Run(storage, ref sequence, each, random, null));
        var written = Process.GetCurrentProcess().TotalProcessorTime;
        var merged = Merge(storage, runs);
        var end = Process.GetCurrentProcess().TotalProcessorTime;
        output.WriteLine($"{fanOut} runs of {each}: {(written - before).TotalNanoseconds / merged.Keys:F0} ns per row to gather and write, {(end - written).TotalNanoseconds / merged.Keys:F0} ns to merge");
        Assert.Equal(each * (long)fanOut, merged.Keys);
    }

    /// <summary>Rows with few different hashes when they are listed, so that equal ones meet.</summary>
    private static unsafe KeyRun Run(IJournalStorage storage, ref ulong sequence, int keys, Random random, List<KeyRow>? rows)
    {
        var tail = new KeyTail(sequence, 1, Math.Max(2, keys));
        for (var i = 0; i < keys; i++)
        {
            var hash = rows is null ? unchecked((ulong)random.NextInt64() << 1) : KeyHash.Of((ulong)random.Next(1_500));
            var row = new KeyRow(random.Next(300) == 0 && rows is not null ? ulong.MaxValue : hash, sequence++);
            Assert.True(tail.TryAdd(row));
            rows?.Add(row);
        }
        tail.Through = Math.Max(sequence - 1, tail.First);
        sequence = tail.Through + 1;
        var sorted = new KeyRow[tail.Count];
        fixed (KeyRow* to = sorted)
            tail.CopySorted(to);
        using var writer = new KeyRunWriter(storage, TestJournal.Shard, tail.Span, sorted.Length);
        foreach (var row in sorted)
            writer.Add(row);
        while (writer.WriteTables())
        {
        }
        return writer.Complete(7);
    }

    private static KeyRun Merge(IJournalStorage storage, List<KeyRun> runs)
    {
        using var merge = new KeyMerge(storage, TestJournal.Shard, runs);
        while (true)
        {
            if (merge.Step(() => 7) is { } run)
                return run;
        }
    }

    private static List<KeyRow> Rows(IJournalStorage storage, KeyRun run)
    {
        var rows = new List<KeyRow>();
        using var scan = new KeyRunScan(storage, run);
        for (; !scan.IsAtEnd; scan.MoveNext())
            rows.Add(scan.Row);
        return rows;
    }
}
