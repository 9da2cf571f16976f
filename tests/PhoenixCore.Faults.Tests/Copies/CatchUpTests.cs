namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>How a copy gets a long journal.</summary>
public sealed class CatchUpTests
{
    private const int Clients = 8;
    private const int SegmentsWanted = 2;
    private const string BaseTaken = "[1049]";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [NightlyFact]
    public async Task An_empty_copy_of_a_long_journal_is_sent_files_and_one_that_has_a_part_is_streamed_the_rest()
    {
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"), null, "local", "--bulk-copy-mib", "1");
        var behind = Path.Combine(places.Root, "b");
        using (var follower = CopyProcess.Start(behind, leader.Process.Grpc, "local"))
        {
            await leader.WaitForVotersAsync(2);
            await load.MakeWalletsAsync(leader.Process);
            follower.Process.Kill(); // it holds the beginning
        }

        await FillAsync(load, leader, round: 0, SegmentsWanted);
        await TakeSnapshotAsync(leader);
        await FillAsync(load, leader, round: 1, SegmentsWanted + 1);
        using (var follower = CopyProcess.Start(behind, leader.Process.Grpc, "local"))
        {
            await EqualAsync(leader, follower);
            Assert.DoesNotContain(BaseTaken, follower.Process.Said, StringComparison.Ordinal);
        }

        var directory = Path.Combine(places.Root, "c");
        using (var follower = CopyProcess.Start(directory, leader.Process.Grpc, "local"))
        {
            await EqualAsync(leader, follower);
            Assert.Contains(BaseTaken, follower.Process.Said, StringComparison.Ordinal);
            await FillAsync(load, leader, round: 2, SegmentsWanted + 1);
            await EqualAsync(leader, follower);
            follower.Process.Kill();
        }

        using var again = CopyProcess.Start(directory, leader.Process.Grpc, "local"); // it opens what it has put in place
        await EqualAsync(leader, again);
        Assert.DoesNotContain(BaseTaken, again.Process.Said, StringComparison.Ordinal);
        await leader.WaitAsync(standing => standing.GetProperty("voters").GetArrayLength() == 3, "the new copy has a vote");
        await again.MustLeadAsync();
        leader.Process.Kill();
        await load.AuditAsync(again.Process);
        Assert.False(Directory.Exists(Path.Combine(directory, "shards", "0", "incoming")));
    }

    /// <summary>Until the journal has so many segments with something in them.</summary>
    private static async Task FillAsync(RestLoad load, CopyProcess leader, int round, int segments)
    {
        using var end = new CancellationTokenSource();
        var running = load.RunAsync(leader.Process, round, Clients, end.Token);
        for (var until = DateTime.UtcNow + Patience; await leader.MetricAsync("phoenix_journal_segments") < segments; await Task.Delay(50)) Assert.True(DateTime.UtcNow < until, leader.Process.Said);
        await Task.Delay(200);
        await end.CancelAsync();
        await running.WaitAsync(Patience);
    }

    private static async Task TakeSnapshotAsync(CopyProcess copy)
    {
        using var http = copy.Process.Client(Patience);
        using var answer = await http.PostAsync("snapshots", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task EqualAsync(CopyProcess leader, CopyProcess follower)
    {
        var last = (await leader.StandingAsync()).GetProperty("committed").GetInt64();
        await follower.WaitAsync(standing => standing.GetProperty("applied").GetInt64() >= last, $"the follower has applied {last}");
        for (var wallet = 0; wallet < 4; wallet++) Assert.Equal(await leader.Process.GetAsync($"wallets/player-{wallet}/balances"), await follower.Process.GetAsync($"wallets/player-{wallet}/balances"));
    }
}
