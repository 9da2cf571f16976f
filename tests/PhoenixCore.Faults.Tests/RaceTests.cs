using PhoenixCore.Faults.Driver;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>Many callers at once on the real shard and real files.</summary>
public class RaceTests(ITestOutputHelper output) : IDisposable
{
    private const int Callers = 64;
    private readonly TemporaryDirectory _place = new();

    [Fact]
    public void Callers_who_want_more_than_there_is_never_get_more_than_there_was()
    {
        const int funds = 1_000;
        var rounds = TestSize.Scale(50, 1_000);
        using var shard = Open();
        for (var round = 0; round < rounds; round++)
        {
            var (number, taken) = (0, 0L);
            shard.Send(new(round, 0, number++, OperationKind.Credit, 1, 0, funds, 0, 0));
            var before = shard.Read(2).Available;
            var wishes = Enumerable.Range(0, Callers).Select(caller => new Operation(round, caller + 1, number, OperationKind.Transfer, 1, 2, 20 + (caller % 13), 0, 0)).ToArray();
            var answers = AtOnce(shard, wishes);
            for (var caller = 0; caller < Callers; caller++) taken += answers[caller].Result == LedgerResult.Accepted ? wishes[caller].Amount : 0;
            Assert.All(answers, answer => Assert.True(answer.Result is LedgerResult.Accepted or LedgerResult.InsufficientBalance));
            var (left, _) = shard.Read(1);
            Assert.Equal(funds - taken, left);
            Assert.InRange(left, 0, 31);
            Assert.Equal(before + taken, shard.Read(2).Available);
            shard.Send(new(round, 0, number + 1, OperationKind.Transfer, 1, 2, Math.Max(1, (long)left), 0, 0));
        }

        Assert.Null(shard.Shard.FindFault());
        output.WriteLine($"{rounds} rounds of {Callers} callers, 0 oversold");
    }

    [Fact]
    public void Duplicates_of_one_key_apply_once_and_all_are_told_the_same()
    {
        var rounds = TestSize.Scale(100, 2_000);
        using var shard = Open();
        for (var round = 0; round < rounds; round++)
        {
            var operation = new Operation(round, 0, 0, OperationKind.Credit, 3, 0, 7, 0, 0);
            var answers = AtOnce(shard, Enumerable.Repeat(operation, Callers).ToArray());
            Assert.Single(answers, answer => !answer.Duplicate);
            Assert.Single(answers.Select(answer => (answer.Result, answer.Sequence, answer.FactHash)).Distinct());
            Assert.Equal((Int128)7 * (round + 1), shard.Read(3).Available);
        }

        output.WriteLine($"{rounds} rounds of {Callers} duplicates, each applied once");
    }

    [Fact]
    public void A_capture_a_release_and_the_expiry_of_one_moment_have_one_winner()
    {
        var (rounds, wins) = (200, new Dictionary<string, int>());
        var clock = new ManualClock();
        using var shard = Open(clock);
        shard.Send(new(0, 0, 0, OperationKind.Credit, 1, 0, 1_000_000, 0, 0));
        Int128 captured = 0;
        for (var round = 1; round <= rounds; round++)
        {
            // Even rounds end at the very nanosecond of the expiry, odd ones one before it; nobody sends before the clock stands there.
            var expires = clock.WallNanoseconds + 1_000_000;
            var made = shard.Send(new(round, 0, 0, OperationKind.Reserve, 1, 0, 100, 0, expires));
            Assert.Equal(LedgerResult.Accepted, made.Result);
            var subject = Numbers.Of(made.Sequence, 1);
            var due = round % 2 == 0;
            Operation[] rivals = [new(round, 1, 0, OperationKind.Commit, 1, 2, 60, subject, 0), new(round, 2, 0, OperationKind.Release, 1, 0, 0, subject, 0)];
            if (round % 4 >= 2) Array.Reverse(rivals);
            clock.AdvanceNanoseconds(due ? 1_000_000 : 999_999);
            var answers = AtOnce(shard, rivals);
            var winners = rivals.Zip(answers).Where(pair => pair.Second.Result == LedgerResult.Accepted).Select(pair => pair.First.Kind.ToString()).ToList();
            Assert.Equal(due ? 0 : 1, winners.Count);
            Assert.All(answers.Where(answer => answer.Result != LedgerResult.Accepted), answer => Assert.Equal(due ? LedgerResult.ReservationExpired : LedgerResult.ReservationNotActive, answer.Result));
            var winner = due ? "Expiry" : winners[0];
            wins[winner] = wins.GetValueOrDefault(winner) + 1;
            if (winner == nameof(OperationKind.Commit)) captured += 60;
            var (available, reserved) = shard.Read(1);
            Assert.Equal((1_000_000 - captured, (Int128)0), (available, reserved));
            clock.AdvanceNanoseconds(2_000_000);
        }

        Assert.Null(shard.Shard.FindFault());
        output.WriteLine($"{rounds} rounds: {string.Join(", ", wins.Select(pair => $"{pair.Key} won {pair.Value}"))}; each once");
        Assert.Equal(3, wins.Count);
    }

    public void Dispose() => _place.Dispose();

    private LoadShard Open(ManualClock? clock = null) => LoadShard.Open(_place.Data, LoadShard.Options(WriterKind.Pwrite), fault => throw fault.Reason, clock: clock);

    /// <summary>One thread each, let go together.</summary>
    private static Answer[] AtOnce(LoadShard shard, Operation[] operations)
    {
        var answers = new Answer[operations.Length];
        using var gate = new Barrier(Math.Min(operations.Length, 8));
        var threads = Enumerable.Range(0, gate.ParticipantCount).Select(first => new Thread(() =>
        {
            gate.SignalAndWait();
            // A thread's share is sent before any of its answers is awaited: all of them are in flight together.
            var sent = new List<(int Place, Task<Answer> Answer)>();
            for (var place = first; place < operations.Length; place += gate.ParticipantCount) sent.Add((place, shard.SendAsync(operations[place])));
            foreach (var (place, answer) in sent) answers[place] = answer.GetAwaiter().GetResult();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return answers;
    }
}
