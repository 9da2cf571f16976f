using PhoenixCore.Faults.Driver;
using PhoenixCore.Journal;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>Every sync takes a tenth of a second or more; the log of the calls says when each had ended.</summary>
public class SlowDiskTests(ITestOutputHelper output)
{
    [ShimTheory]
    [InlineData(WriterKind.Pwrite, "fdatasync", 100)]
    [InlineData(WriterKind.Mapped, "msync", 100)]
    [InlineData(WriterKind.Pwrite, "fdatasync", 500)]
    public void No_answer_and_no_read_comes_before_the_end_of_the_sync_that_covers_it(WriterKind writer, string call, int milliseconds)
    {
        using var place = new TemporaryDirectory();
        using var driver = DriverProcess.StartLoad(place.Data, writer.ToString(), round: 0, clients: 32, operations: TestSize.Scale(milliseconds > 100 ? 6 : 15, 60), $"{call}:*:DELAY={milliseconds * 1_000}", place.Log);
        var (code, said) = driver.WaitEnd();
        Assert.True(code == 0, driver.Errors);
        var transcript = Transcript.Parse(said);
        var shown = Demand.NoEarlyAnswer(transcript, StorageCall.ReadLog(place.Log), $"{writer}, every {call} takes {milliseconds} ms");
        var auditor = new Auditor(place.Data, writer);
        auditor.Hear(transcript);
        auditor.Audit();
        output.WriteLine($"{writer}, every {call} + {milliseconds} ms: {shown} answers and reads, 0 early; {auditor.AnswersCompared} answers compared");
    }

    [ShimFact]
    public void While_the_disk_stands_still_only_a_bounded_number_of_commands_is_taken_and_the_rest_is_never_applied()
    {
        using var place = new TemporaryDirectory();
        using var driver = DriverProcess.Start(["flood", place.Data], "fdatasync:*:DELAY=400000");
        var (code, said) = driver.WaitEnd();
        Assert.True(code == 0, driver.Errors);
        var counts = said.TrimEnd().Split(' ').Select(int.Parse).ToArray();
        var (sent, taken, refused, credited) = (counts[0], counts[1], counts[2], counts[3]);
        output.WriteLine($"{sent} sent during one sync: {taken} taken, {refused} given up without being sent, {credited} applied");
        Assert.Equal(sent, taken + refused);
        Assert.True(taken <= LoadShard.Options(WriterKind.Pwrite, Flood.Slots).CompletionSlots + Flood.Slots, $"{taken} were taken");
        Assert.True(refused > 0);
        Assert.Equal(taken, credited);
    }
}
