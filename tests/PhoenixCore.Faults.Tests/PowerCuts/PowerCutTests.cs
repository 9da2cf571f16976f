using PhoenixCore.Journal;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests.PowerCuts;

/// <summary>The power of a machine goes while a shard works: what its kernel had in memory is gone, and every answer that left the machine is there.</summary>
public class PowerCutTests(ITestOutputHelper output)
{
    private const int LoadMillisecondsMax = 2_000;
    private const string NoSync = "fdatasync:*:LIE,fsync:*:LIE,msync:*:LIE";

    [PowerCutFact]
    public void Written_past_the_cache_no_answer_is_lost() => CutAgainAndAgain(WriterKind.Pwrite, 40);

    [PowerCutFact]
    public void Written_through_a_mapping_no_answer_is_lost() => CutAgainAndAgain(WriterKind.Mapped, 10);

    /// <summary>The control: the same without syncs. If it lost nothing, the other two would say nothing.</summary>
    [PowerCutFact]
    public void Without_syncs_answers_are_lost()
    {
        const int rounds = 6;
        var lost = 0;
        for (var round = 0; round < rounds; round++)
        {
            var writer = round % 2 == 0 ? WriterKind.Pwrite : WriterKind.Mapped;
            using var machine = new Machine();
            var auditor = new Auditor(machine.Data, writer);
            auditor.Hear(Transcript.Parse(machine.RunUntilCut(writer.ToString(), round, "ready", TimeSpan.FromMilliseconds(LoadMillisecondsMax), NoSync)));
            machine.Mount();
            if (Record.Exception(auditor.Audit) is { } loss)
            {
                lost++;
                output.WriteLine($"{writer}: {loss.GetType().Name}: {loss.Message.Split('\n')[0]}");
            }

            machine.Unmount();
        }

        output.WriteLine($"{lost} of {rounds} cuts without syncs lost something");
        Assert.True(lost >= rounds - 1, $"only {lost} of {rounds}");
    }

    private void CutAgainAndAgain(WriterKind writer, int rounds)
    {
        using var machine = new Machine();
        var auditor = new Auditor(machine.Data, writer);
        var random = new Random(TestSize.Seed);
        var inRecovery = 0;
        for (var round = 0; round < rounds; round++)
        {
            var early = round % 5 == 4;
            var after = TimeSpan.FromMilliseconds(random.Next(early ? 150 : LoadMillisecondsMax));
            var transcript = Transcript.Parse(machine.RunUntilCut(writer.ToString(), round, early ? "opening" : "ready", after, fault: null));
            if (!transcript.Ready) inRecovery++;
            auditor.Hear(transcript);
            if (early) continue; // the next boot shall meet what this cut has left
            machine.Mount();
            auditor.Audit();
            machine.Unmount();
        }

        machine.Mount();
        auditor.Audit();
        machine.Unmount();
        output.WriteLine($"{writer}: {rounds} cuts, {inRecovery} of them in recovery; {auditor.AnswersKnown} answers, compared {auditor.AnswersCompared} times, 0 lost; unanswered: {auditor.Unanswered.Applied} applied, {auditor.Unanswered.Absent} absent");
        Assert.True(auditor.AnswersKnown > rounds * 10, $"only {auditor.AnswersKnown} answers");
    }
}
