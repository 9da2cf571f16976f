using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>The power goes off before and after each storage call of a script that opens, commits, rolls over segments and seals.</summary>
public class CrashAtEveryCallTests
{
    [Theory]
    [InlineData(WriterKind.Pwrite)]
    [InlineData(WriterKind.Mapped)]
    public void Recovery_keeps_every_acknowledged_record_and_invents_none(WriterKind writer)
    {
        var cases = 0;
        for (var call = 1; ; call++)
        {
            var ended = false;
            foreach (var after in new[] { false, true })
            {
                var storage = new SimulatedStorage { CrashAtCall = call, CrashAfterEffect = after };
                var run = new Script(writer).Run(storage);
                ended |= run.Ended;
                foreach (var outcome in Enum.GetValues<CrashOutcome>())
                {
                    Recover(storage.Crash(outcome, seed: call), run, writer, $"call {call}, after {after}, {outcome}");
                    cases++;
                }
            }
            if (ended)
                break;
        }
        Assert.True(cases > 1_000, $"only {cases} states");
    }

    /// <summary>A crash in the middle of the recovery from a crash, at each of its calls.</summary>
    [Fact]
    public void Recovery_can_itself_be_cut_short_at_every_call()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var first = new SimulatedStorage { CrashAtCall = 60 + (seed * 9) };
            var run = new Script(WriterKind.Pwrite).Run(first);
            for (var call = 1; ; call++)
            {
                var second = first.Crash(CrashOutcome.EachForItself, seed);
                second.CrashAtCall = call;
                second.CrashAfterEffect = call % 2 == 0;
                if (TryOpen(second))
                    break;
                Recover(second.Crash(CrashOutcome.EachForItself, call), run, WriterKind.Pwrite, $"seed {seed}, second crash at call {call}");
            }
        }
    }

    /// <summary>The process dies, the machine does not: nothing that was written is lost, acknowledged or not.</summary>
    [Fact]
    public void A_killed_process_loses_nothing_it_acknowledged()
    {
        for (var call = 1; call < 400; call++)
        {
            var storage = new SimulatedStorage { CrashAtCall = call };
            var run = new Script(WriterKind.Pwrite).Run(storage);
            Recover(storage.Restart(), run, WriterKind.Pwrite, $"killed at call {call}");
            if (run.Ended)
                break;
        }
    }

    private static bool TryOpen(SimulatedStorage storage)
    {
        try
        {
            Journal.Open(storage, TestJournal.Small(), new CheckingVisitor());
            return true;
        }
        catch (SimulatedCrashException)
        {
            return false;
        }
    }

    private static void Recover(SimulatedStorage storage, Script run, WriterKind writer, string when)
    {
        var visitor = new CheckingVisitor();
        try
        {
            var journal = Journal.Open(storage, TestJournal.Small(writer), visitor);
            Assert.True(visitor.LastSequence >= run.Acknowledged, $"{when}: {run.Acknowledged} was acknowledged, {visitor.LastSequence} came back");
            Assert.True(visitor.LastSequence <= run.Submitted, $"{when}: {visitor.LastSequence} came back, {run.Submitted} was submitted");
            Assert.True(journal.Epoch > run.EpochSeen, $"{when}: epoch {journal.Epoch} after {run.EpochSeen}");
            TestJournal.Commit(journal, 3);
            journal.RunMaintenance();
        }
        catch (JournalDamagedException refused)
        {
            Assert.Fail($"{when}: {refused.Message}");
        }
        // Once more without power: what recovery cut must not come back beside what was committed in its place.
        foreach (var outcome in Enum.GetValues<CrashOutcome>())
        {
            var again = new CheckingVisitor();
            try
            {
                using var second = Journal.Open(storage.Crash(outcome, seed: 1), TestJournal.Small(writer), again);
                Assert.Equal(visitor.LastSequence + 3, again.LastSequence);
            }
            catch (JournalDamagedException refused)
            {
                Assert.Fail($"{when}, then {outcome}: {refused.Message}");
            }
        }
    }

    /// <summary>Two openings with commits of many sizes in each.</summary>
    private sealed class Script(WriterKind writer)
    {
        public ulong Acknowledged { get; private set; }

        public ulong Submitted { get; private set; }

        public ulong EpochSeen { get; private set; }

        public bool Ended { get; private set; }

        public Script Run(SimulatedStorage storage)
        {
            try
            {
                for (var opening = 0; opening < 2; opening++)
                    RunOnce(storage, opening);
                Ended = true;
            }
            catch (SimulatedCrashException)
            {
                // The caller looks at what is left.
            }
            return this;
        }

        private void RunOnce(SimulatedStorage storage, int opening)
        {
            var journal = Journal.Open(storage, TestJournal.Small(writer));
            EpochSeen = journal.Epoch;
            for (var i = 0; i < 8; i++)
            {
                var records = 1 + (((i + opening) * 29) % 64);
                Submitted = Acknowledged + (ulong)records;
                TestJournal.Commit(journal, records);
                Acknowledged = journal.LastSequence;
                if (i == 5)
                {
                    journal.SealIfIdle(0);
                    journal.SealIfIdle(50);
                }
                journal.RunMaintenance();
            }
            journal.Dispose();
        }
    }
}
