using System.Text.Json;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>What stands between two copies fails: nothing wrong is taken, and nothing is lost.</summary>
public sealed class StreamTests
{
    private const string NotLeader = "NOT_LEADER";
    private const string StaleReplica = "STALE_REPLICA";
    private const int Clients = 4;

    [Fact]
    public async Task Flipped_bits_of_the_stream_are_seen_and_the_copies_are_equal_in_the_end()
    {
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        using var proxy = new FaultyProxy();
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"), null, "local", "--advertise", proxy.Address.ToString());
        proxy.Target = leader.Process.Grpc;
        using var follower = CopyProcess.Start(Path.Combine(places.Root, "b"), proxy.Address, "local");
        await load.MakeWalletsAsync(leader.Process);
        using var end = new CancellationTokenSource();
        var running = load.RunAsync(leader.Process, 0, Clients, end.Token);
        var wanted = TestSize.Scale(2, 100);
        for (var until = DateTime.UtcNow.AddSeconds(60); proxy.Flipped < wanted && DateTime.UtcNow < until;)
        {
            proxy.FlipOne();
            await Task.Delay(100);
        }

        await end.CancelAsync();
        await running;
        Assert.True(proxy.Flipped >= wanted, $"only {proxy.Flipped} bits were flipped");
        await EqualAsync(leader, follower);
        await follower.MustLeadAsync();
        leader.Process.Kill();
        await load.AuditAsync(follower.Process);
    }

    [Fact]
    public async Task While_the_copies_are_apart_nothing_is_acknowledged_and_afterwards_all_goes_on()
    {
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        using var proxy = new FaultyProxy();
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"), null, "quorum", "--advertise", proxy.Address.ToString());
        proxy.Target = leader.Process.Grpc;
        using var follower = CopyProcess.Start(Path.Combine(places.Root, "b"), proxy.Address);
        await leader.WaitForVotersAsync(2);
        await load.MakeWalletsAsync(leader.Process);
        proxy.Delay = TimeSpan.FromMilliseconds(20); // a slow link costs time and nothing else
        using (var end = new CancellationTokenSource(TimeSpan.FromSeconds(1))) await load.RunAsync(leader.Process, 0, Clients, end.Token);
        proxy.Delay = TimeSpan.Zero;

        proxy.Cut();
        await leader.WaitAsync(standing => !standing.GetProperty("enough").GetBoolean(), "the leader sees that it is alone");
        var before = (await leader.StandingAsync()).GetProperty("committed").GetInt64();
        Assert.Equal(503, (await leader.Process.PostAsync("wallets", "alone", """{"external_id":"alone"}"""))!.Value.Status);
        Assert.Equal(before, (await leader.StandingAsync()).GetProperty("committed").GetInt64());
        Assert.Contains(StaleReplica, await RefusedAsync(follower, "wallets/player-0?max_staleness_ms=10"), StringComparison.Ordinal);

        proxy.Heal();
        await leader.WaitForVotersAsync(2);
        using (var end = new CancellationTokenSource(TimeSpan.FromSeconds(1))) await load.RunAsync(leader.Process, 1, Clients, end.Token);
        await EqualAsync(leader, follower);
        Assert.Contains(StaleReplica, await RefusedAsync(follower, "wallets/player-0?min_sequence=999999999"), StringComparison.Ordinal);
        Assert.Contains(NotLeader, (await follower.Process.PostAsync("wallets", "here", """{"external_id":"here"}"""))!.Value.Body, StringComparison.Ordinal);
        leader.Process.Kill();
        await follower.MustLeadAsync();
        await load.AuditAsync(follower.Process);
    }

    [Fact]
    public async Task A_copy_of_another_shard_or_history_is_refused()
    {
        using var places = new TemporaryDirectory();
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"));
        using (var other = CopyProcess.Start(Path.Combine(places.Root, "other")))
        {
            // It has made a shard of its own, and writes down on its way out that this was committed: else, following, it would show nothing of it and never be ready.
            other.Process.Signal("TERM");
            Assert.Equal(0, other.Process.WaitEnd());
        }

        using var stranger = CopyProcess.Start(Path.Combine(places.Root, "other"), leader.Process.Grpc);
        var until = DateTime.UtcNow.AddSeconds(30);
        while (await leader.MetricAsync("phoenix_replication_rejected_total{") == 0)
        {
            Assert.True(DateTime.UtcNow < until, stranger.Process.Said);
            await Task.Delay(50);
        }

        Assert.Empty((await leader.StandingAsync()).GetProperty("followers").EnumerateArray());
    }

    /// <summary>Both have applied the same records, up to the leader's last, and show the same balances.</summary>
    private static async Task EqualAsync(CopyProcess leader, CopyProcess follower)
    {
        var last = (await leader.StandingAsync()).GetProperty("durable").GetInt64();
        await follower.WaitAsync(standing => standing.GetProperty("applied").GetInt64() >= last, $"the follower has applied {last}");
        for (var wallet = 0; wallet < 4; wallet++) Assert.Equal(await leader.Process.GetAsync($"wallets/player-{wallet}/balances"), await follower.Process.GetAsync($"wallets/player-{wallet}/balances"));
    }

    private static async Task<string> RefusedAsync(CopyProcess copy, string path)
    {
        using var http = copy.Process.Client(TimeSpan.FromSeconds(30));
        using var answer = await http.GetAsync(path);
        Assert.Equal(503, (int)answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("error").GetProperty("code").GetString()!;
    }
}
