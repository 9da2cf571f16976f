using PhoenixCore.Journal;
using PhoenixCore.Shard;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>The n-th storage call of a loaded shard fails, whichever it is: in opening, in the commit path, in the background.</summary>
public class FailedCallTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int Operations = 25;
    private const int AtOnce = 4;

    [ShimTheory]
    [InlineData(WriterKind.Pwrite, "fdatasync", 12)]
    [InlineData(WriterKind.Pwrite, "pwrite", 12)]
    [InlineData(WriterKind.Pwrite, "fsync", 8)]
    [InlineData(WriterKind.Mapped, "msync", 12)]
    [InlineData(WriterKind.Mapped, "pwrite", 8)]
    public void Nothing_is_answered_behind_a_failed_call_and_nothing_answered_is_lost(WriterKind writer, string call, int usual)
    {
        var tally = new Tally();
        // Every number with one of the errors; nightly with both. Each round waits for the disk most of its time, so several run at once.
        var rounds = from n in TestSize.IsNightly ? Enumerable.Range(1, 100) : Enumerable.Range(1, usual).Select(Spread)
                     from error in TestSize.IsNightly ? ["EIO", "ENOSPC"] : n % 2 == 1 ? new[] { "EIO" } : ["ENOSPC"]
                     select (n, error);
        Parallel.ForEach(rounds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, round => RunRound(writer, call, round.n, round.error, tally));

        output.WriteLine($"{writer} {call}: {tally}");
        Assert.True(tally.Ended > 0, "no fault ever ended a process: the calls that matter were not met");
    }

    /// <summary>The first calls one by one, for they open the directory; later ones ever further apart: 1 to 5, 7, 10, 14, 19, …</summary>
    private static int Spread(int index)
    {
        var beyond = Math.Max(0, index - 5);
        return index + beyond * (beyond + 1) / 2;
    }

    private static void RunRound(WriterKind writer, string call, int n, string error, Tally tally)
    {
        using var place = new TemporaryDirectory();
        using var driver = DriverProcess.StartLoad(place.Data, writer.ToString(), round: 0, Clients, Operations, $"{call}:{n}:{error}", place.Log);
        var (code, said) = driver.WaitEnd();
        var transcript = Transcript.Parse(said);
        var calls = StorageCall.ReadLog(place.Log);
        var round = $"{writer} {call}:{n}:{error}, code {code}, {driver.Errors}";

        Demand.NoEarlyAnswer(transcript, calls, round);
        // Preparing a segment, finishing a sealed one, building a side index and writing keys are tried again: no caller waits for them.
        var failed = calls.Find(made => made.Failed);
        var survives = failed == null || failed.IsBackground || StorageCall.IsPreparation(calls, failed);
        Assert.True(code == (survives ? 0 : ShardFault.StorageFailed), $"{failed} ended in {round}");
        // A failure while the journal closes comes when all has been answered, and ends the process with 70 all the same.
        Assert.True(transcript.Done || code != 0, round);
        var auditor = new Auditor(place.Data, writer);
        auditor.Hear(transcript);
        auditor.Audit();
        tally.Add(ended: code != 0, unmet: failed == null, auditor.AnswersCompared);
    }

    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private int _rounds;
        private int _unmet;
        private long _answers;

        public int Ended { get; private set; }

        public void Add(bool ended, bool unmet, long answers)
        {
            lock (_lock)
            {
                _rounds++;
                if (ended) Ended++;
                if (unmet) _unmet++;
                _answers += answers;
            }
        }

        public override string ToString() =>
            $"{_rounds} rounds, {Ended} ended with 70, {_rounds - Ended - _unmet} survived a failure in the background, {_unmet} never made that call, {_answers} answers compared, 0 differences";
    }
}
