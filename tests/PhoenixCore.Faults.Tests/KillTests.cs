using System.Diagnostics;
using PhoenixCore.Journal;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>kill −9 over one data directory that grows from round to round.</summary>
public class KillTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int Endless = 1 << 20;
    private const int LoadMillisecondsMax = 150;

    [Theory]
    [InlineData(WriterKind.Pwrite, 75, 400)]
    [InlineData(WriterKind.Mapped, 25, 100)]
    public void Killed_at_any_moment_every_answer_is_there_once_after_the_next_start(WriterKind writer, int usual, int nightly)
    {
        using var place = new TemporaryDirectory();
        var random = new Random(TestSize.Seed);
        var auditor = new Auditor(place.Data, writer);
        var (rounds, inRecovery, openTicks) = (TestSize.Scale(usual, nightly), 0, Stopwatch.Frequency / 20);
        for (var round = 0; round < rounds; round++)
        {
            using var driver = DriverProcess.StartLoad(place.Data, writer.ToString(), round, Clients, Endless);
            var early = round % 4 == 3;
            Assert.True(early ? driver.WaitOpening() : driver.WaitReady(), driver.Errors);
            if (!early) openTicks = Math.Max(driver.OpeningTicks, 1);
            Pause(early ? random.NextInt64(openTicks * 4 / 5) : random.NextInt64(LoadMillisecondsMax * Stopwatch.Frequency / 1_000));
            driver.Kill();
            var (code, said) = driver.WaitEnd();
            Assert.True(code == 137, $"round {round} ended by itself with {code}: {driver.Errors}");

            var transcript = Transcript.Parse(said);
            auditor.Hear(transcript);
            if (!transcript.Ready) inRecovery++;
            // Not behind every kill: the next start shall meet what a kill has left, not always what a clean close has.
            if (random.Next(2) == 0 || round == rounds - 1) auditor.Audit();
        }

        output.WriteLine($"{writer}: {rounds} kills, {inRecovery} of them in recovery; {auditor.AnswersKnown} answers, compared {auditor.AnswersCompared} times, 0 differences; unanswered: {auditor.Unanswered.Applied} applied, {auditor.Unanswered.Absent} absent");
        Assert.True(inRecovery * 10 >= rounds, $"only {inRecovery} of {rounds} kills met recovery");
    }

    [Fact]
    public void Killed_while_snapshots_are_written_every_answer_is_there_and_no_snapshot_is_damaged()
    {
        using var place = new TemporaryDirectory();
        var random = new Random(TestSize.Seed);
        var auditor = new Auditor(place.Data, WriterKind.Pwrite);
        var rounds = TestSize.Scale(8, 200);
        for (var round = 0; round < rounds; round++)
        {
            using var driver = DriverProcess.StartLoad(place.Data, nameof(WriterKind.Pwrite), round, Clients, Endless, snapshotKibibytes: 4);
            Assert.True(driver.WaitReady(), driver.Errors);
            Pause(random.NextInt64(4 * LoadMillisecondsMax * Stopwatch.Frequency / 1_000));
            driver.Kill();
            var (code, said) = driver.WaitEnd();
            Assert.True(code == 137, $"round {round} ended by itself with {code}: {driver.Errors}");
            auditor.Hear(Transcript.Parse(said));
            auditor.Audit();
        }

        output.WriteLine($"{rounds} kills, {auditor.FromSnapshot} starts from a snapshot; {auditor.AnswersKnown} answers, 0 differences");
        Assert.True(auditor.FromSnapshot > rounds / 4, $"only {auditor.FromSnapshot} of {rounds} starts began with a snapshot");
    }

    /// <summary>Exact to a few microseconds: most of an opening lasts less than the scheduler's tick.</summary>
    private static void Pause(long ticks)
    {
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedTicks < ticks)
        {
            if (ticks - clock.ElapsedTicks > Stopwatch.Frequency / 500) Thread.Sleep(1);
            else Thread.SpinWait(20);
        }
    }
}
