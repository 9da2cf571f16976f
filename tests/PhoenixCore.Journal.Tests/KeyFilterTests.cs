using System.Diagnostics;
using PhoenixCore.Journal.KeyIndex;
using Xunit.Abstractions;

namespace PhoenixCore.Journal.Tests;

public unsafe class KeyFilterTests(ITestOutputHelper output)
{
    private static readonly bool Nightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";

    [Theory]
    [InlineData(200_000, 2_000)]
    [InlineData(5_000_000, 150)]
    public void A_filter_misses_no_key_and_takes_few_absent_ones_for_present(int keys, int oneOf)
    {
        using var tables = new KeyTables(keys);
        for (var i = 0UL; i < (ulong)keys; i++)
            KeyFilter.Add(tables.LineOf(KeyHash.Of(i)), KeyHash.Of(i));
        var taken = 0;
        for (var i = 0UL; i < (ulong)keys; i++)
        {
            Assert.True(KeyFilter.MayHold(tables.LineOf(KeyHash.Of(i)), KeyHash.Of(i)));
            if (KeyFilter.MayHold(tables.LineOf(KeyHash.Of(i + (ulong)keys)), KeyHash.Of(i + (ulong)keys)))
                taken++;
        }
        Assert.InRange(taken, 1, keys / oneOf);
        output.WriteLine($"one absent key of {(double)keys / taken:F0} is looked up in vain");
    }

    [Theory]
    [InlineData(5_000_000)]
    [InlineData(1_000_000_000)]
    public void A_large_run_keeps_at_most_twelve_bits_of_memory_per_key(long keys)
    {
        var bytes = (KeyPage.PagesFor(keys) * 8) + (KeyFilter.LinesFor(keys) * KeyFilter.LineBytes) + (2 * 4096);
        Assert.True(bytes * 8.0 / keys <= 12, $"{bytes * 8.0 / keys:F2} bits");
    }

    /// <summary>A number, not a verdict: what asking all filters costs for a key that none has, with as many runs as the levels allow.</summary>
    [Fact]
    public void Asking_every_run_for_an_absent_key()
    {
        var largest = Nightly ? 134_000_000L : 131_072L;
        var runs = new List<KeyTables>();
        for (var keys = largest; keys >= Math.Min(largest, 262_144) && runs.Count < 28; keys /= 8)
        {
            for (var i = 0; i < 7; i++)
                runs.Add(HalfFull(keys));
        }
        var count = Nightly ? 1 << 19 : 1 << 12;
        Ask(runs, count);
        // Time of this process, not of the clock: others use the machine.
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var taken = Ask(runs, count);
        var each = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalNanoseconds / count;
        output.WriteLine($"{runs.Count} runs, {runs.Sum(run => run.Bytes) >> 20} MiB of filters: {each:F0} ns per key, {(double)taken / count:P1} looked up in a file");
        Assert.NotEmpty(runs);
        runs.ForEach(run => run.Dispose());
    }

    private static int Ask(List<KeyTables> runs, int count)
    {
        const int Ahead = 16;
        var taken = 0;
        for (var i = 0; i < count; i++)
        {
            var later = KeyHash.Of((ulong)(i + Ahead));
            foreach (var run in runs)
                System.Runtime.Intrinsics.X86.Sse.Prefetch0(run.LineOf(later));
            var hash = KeyHash.Of((ulong)i);
            foreach (var run in runs)
                taken += KeyFilter.MayHold(run.LineOf(hash), hash) ? 1 : 0;
        }
        return taken;
    }

    private static KeyTables HalfFull(long keys)
    {
        var tables = new KeyTables(keys);
        var random = new Random(1);
        for (long at = 0; at < tables.Bytes; at += 1 << 20)
            random.NextBytes(new Span<byte>(tables.Memory + at, (int)Math.Min(1 << 20, tables.Bytes - at)));
        return tables;
    }
}
