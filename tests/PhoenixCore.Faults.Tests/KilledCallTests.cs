using PhoenixCore.Journal;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>The process dies exactly before or exactly behind its n-th storage call, on one directory whose starts follow each other.</summary>
public class KilledCallTests(ITestOutputHelper output)
{
    private const int Clients = 4;
    private const int Operations = 25;

    [ShimTheory]
    [InlineData(WriterKind.Pwrite, "pwrite", 10)]
    [InlineData(WriterKind.Pwrite, "fdatasync", 6)]
    [InlineData(WriterKind.Pwrite, "fsync", 8)]
    [InlineData(WriterKind.Mapped, "msync", 6)]
    public void Dead_before_or_behind_a_call_nothing_answered_is_lost(WriterKind writer, string call, int usual)
    {
        using var place = new TemporaryDirectory();
        var auditor = new Auditor(place.Data, writer);
        var (rounds, killed) = (0, 0);
        for (var n = 1; n <= TestSize.Scale(usual, 60); n++)
        {
            foreach (var side in TestSize.IsNightly ? ["KILL", "KILLAFTER"] : n % 2 == 0 ? new[] { "KILL" } : ["KILLAFTER"])
            {
                using var driver = DriverProcess.StartLoad(place.Data, writer.ToString(), rounds++, Clients, Operations, $"{call}:{n}:{side}");
                var (code, said) = driver.WaitEnd();
                Assert.True(code is 137 or 0, $"{call}:{n}:{side} ended with {code}: {driver.Errors}");
                if (code == 137) killed++;
                auditor.Hear(Transcript.Parse(said));
                if (n % 4 == 0) auditor.Audit();
            }
        }

        auditor.Audit();
        output.WriteLine($"{writer} {call}: {rounds} rounds, {killed} killed at the call; {auditor.AnswersKnown} answers, compared {auditor.AnswersCompared} times, 0 differences");
        Assert.True(killed * 2 > rounds, $"only {killed} of {rounds} rounds met the call");
    }
}
