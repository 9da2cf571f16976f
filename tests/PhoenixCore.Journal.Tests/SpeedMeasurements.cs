using System.Diagnostics;
using Xunit.Abstractions;

namespace PhoenixCore.Journal.Tests;

/// <summary>Numbers, not verdicts: what a commit costs with and without preparation beside it, and how fast a journal is read back.
/// The usual size only shows that they run; PHOENIX_TEST_SIZE=nightly measures.</summary>
public class SpeedMeasurements(ITestOutputHelper output)
{
    private const int RecordBytes = 232;
    private static readonly bool Nightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";

    public static TheoryData<WriterKind, bool, int> Loads() => new()
    {
        { WriterKind.Pwrite, false, 1 << 20 },
        { WriterKind.Pwrite, true, 1 << 20 },
        { WriterKind.Pwrite, true, 256 << 10 },
        { WriterKind.Mapped, false, 1 << 20 },
        { WriterKind.Mapped, true, 1 << 20 },
    };

    /// <summary>Full load with groups of one size; the second figure tells whether segments were prepared meanwhile or all before.</summary>
    [Theory]
    [MemberData(nameof(Loads))]
    public void Commit_at_full_load(WriterKind writer, bool prepareMeanwhile, int groupBytes)
    {
        using var directory = new TemporaryDirectory();
        var megabytes = Nightly ? 6_000 : 64;
        var options = Options(writer, prepareMeanwhile, spares: prepareMeanwhile ? 2 : (megabytes / 64) + 6);
        using var journal = Journal.Open(new PosixStorage(directory.Path), options);
        if (!prepareMeanwhile)
            journal.RunMaintenance();
        using var group = new GroupBuffer(groupBytes);
        var count = FillOnce(group, journal.Epoch);
        var times = new List<double>();
        var room = 0.0;
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        for (long written = 0; written < (long)megabytes << 20; written += groupBytes)
        {
            Renumber(group, journal.LastSequence, count);
            var waited = Stopwatch.GetTimestamp();
            while (journal.ReadyBytes < groupBytes)
                Thread.Sleep(0);
            room += Stopwatch.GetElapsedTime(waited).TotalSeconds;
            var start = Stopwatch.GetTimestamp();
            journal.Commit(group);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        var seconds = clock.Elapsed.TotalSeconds;
        var spent = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds / times.Count;
        times.Sort();
        output.WriteLine($"{writer}, {groupBytes >> 10} KiB groups, preparation {(prepareMeanwhile ? "beside" : "before")}: "
            + $"{times.Count * (double)count / seconds / 1e6:F2} M records/s, {times.Count * (double)groupBytes / seconds / 1e6:F0} MB/s; commit p50 {At(times, 0.5)}, "
            + $"p90 {At(times, 0.9)}, p99 {At(times, 0.99)}, p99.9 {At(times, 0.999)}, max {At(times, 1)} ms; {spent:F2} ms of processor per group; waited for room {room:F2} s of {seconds:F2} s");
        Assert.NotEmpty(times);
    }

    /// <summary>A steady 100 000 records a second in groups of what has come since the last sync.</summary>
    [Theory]
    [InlineData(WriterKind.Pwrite)]
    [InlineData(WriterKind.Mapped)]
    public void Commit_at_a_steady_rate(WriterKind writer)
    {
        const double RecordsPerSecond = 100_000;
        using var directory = new TemporaryDirectory();
        using var journal = Journal.Open(new PosixStorage(directory.Path), Options(writer, true, spares: 2));
        using var group = new GroupBuffer();
        var times = new List<double>();
        var seconds = Nightly ? 15 : 1;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            var due = (ulong)(clock.Elapsed.TotalSeconds * RecordsPerSecond);
            if (due <= journal.LastSequence || journal.ReadyBytes < 1 << 20)
                continue;
            group.Clear();
            for (var sequence = journal.LastSequence + 1; sequence <= due && group.Remaining >= RecordBytes; sequence++)
                Add(group, sequence, journal.Epoch);
            var start = Stopwatch.GetTimestamp();
            journal.Commit(group);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        output.WriteLine($"{writer}, 100 k records/s: commit p50 {At(times, 0.5)}, p99 {At(times, 0.99)}, p99.9 {At(times, 0.999)}, max {At(times, 1)} ms over {times.Count} groups");
        Assert.NotEmpty(times);
    }

    [Fact]
    public void Replay_from_a_cold_disk()
    {
        using var directory = new TemporaryDirectory();
        var megabytes = Nightly ? 4_000 : 64;
        using (var journal = Journal.Open(new PosixStorage(directory.Path), Options(WriterKind.Pwrite, true, spares: 2)))
        {
            using var group = new GroupBuffer();
            var count = FillOnce(group, journal.Epoch);
            for (var i = 0; i < megabytes; i++)
            {
                Renumber(group, journal.LastSequence, count);
                while (journal.ReadyBytes < 1 << 20)
                    Thread.Sleep(1);
                journal.Commit(group);
            }
        }
        foreach (var ownThreads in new[] { false, true })
        {
            var visitor = new CountingVisitor();
            var report = Journal.Inspect(new PosixStorage(directory.Path), Options(WriterKind.Pwrite, ownThreads, spares: 2), visitor);
            output.WriteLine($"replay, {(ownThreads ? "three stages beside each other" : "one thread")}: {report.ReadBytes / report.ReplayMilliseconds / 1e3:F0} MB/s, "
                + $"{visitor.Records / report.ReplayMilliseconds / 1e3:F2} M records/s");
            Assert.Equal(report.LastSequence, (ulong)visitor.Records);
        }
    }

    private static JournalOptions Options(WriterKind writer, bool ownThreads, int spares) => new()
    {
        ShardId = TestJournal.Shard,
        SegmentBytesMin = 64 << 20,
        SparesAhead = spares,
        Writer = writer,
        OwnThreads = ownThreads,
    };

    private static string At(List<double> sorted, double quantile) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * quantile)].ToString("F2");

    private static int FillOnce(GroupBuffer group, ulong epoch)
    {
        for (var sequence = 1UL; group.Remaining >= RecordBytes; sequence++)
            Add(group, sequence, epoch);
        return group.Count;
    }

    private static unsafe void Add(GroupBuffer group, ulong sequence, ulong epoch)
    {
        var header = (RecordHeader*)group.Tail;
        *header = new RecordHeader { Length = RecordBytes, Sequence = sequence, Epoch = epoch, StampedAt = 1, Kind = 3, Layout = 1, Tenant = 1 };
        new Span<byte>(group.Tail + RecordHeader.Size, RecordBytes - RecordHeader.Size).Fill(unchecked((byte)sequence));
        group.Advance(RecordBytes, sequence);
    }

    /// <summary>The cheapest stand-in for encoding: the records stay, their sequences move on.</summary>
    private static unsafe void Renumber(GroupBuffer group, ulong last, int count)
    {
        group.Clear();
        for (var i = 0; i < count; i++)
        {
            var header = (RecordHeader*)group.Tail;
            header->Sequence = ++last;
            header->Kind = 3;
            group.Advance(RecordBytes, last);
        }
    }

    private sealed unsafe class CountingVisitor : IRecordVisitor
    {
        public long Records { get; private set; }

        public void VisitRun(byte* records, int bytes, int count) => Records += count;
    }
}
