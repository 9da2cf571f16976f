namespace PhoenixCore.Faults.Tests;

/// <summary>What must hold between the lines of a driver and the log of its storage calls.</summary>
internal static class Demand
{
    /// <summary>Every answer and every read came after the end of a successful sync that covers all it shows.</summary>
    /// <returns>Answers and reads that a sync of this process had to cover.</returns>
    public static int NoEarlyAnswer(Transcript transcript, List<StorageCall> calls, string round)
    {
        var durable = StorageCall.Durable(calls);
        var shown = transcript.Answers.Values.Select(answer => (answer.VisibleAfter, answer.At)).Concat(transcript.Reads).ToList();
        foreach (var (visibleAfter, at) in shown)
        {
            var covered = durable.FindIndex(sync => sync.Through >= visibleAfter);
            Assert.True(covered >= 0, $"sequence {visibleAfter} was shown and never synced: {round}");
            Assert.True(durable[covered].At <= at, $"sequence {visibleAfter} was shown {(durable[covered].At - at) / 1e6} ms before its sync had ended: {round}");
        }

        return shown.Count;
    }
}
