using System.Net;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>Three real servers at quorum, where two are enough.</summary>
public sealed class ThreeCopiesTests
{
    private const int Clients = 4;
    private const int SlowSyncMicroseconds = 100_000;
    private const string NotEnoughReplicas = "NOT_ENOUGH_REPLICAS";

    [NightlyFact]
    public async Task Of_three_one_may_be_gone_and_the_one_that_has_everything_is_promoted_by_the_promise_of_the_other()
    {
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        var leader = CopyProcess.Start(Path.Combine(places.Root, "a"));
        using var second = CopyProcess.Start(Path.Combine(places.Root, "b"), leader.Process.Grpc);
        using var third = CopyProcess.Start(Path.Combine(places.Root, "c"), leader.Process.Grpc);
        try
        {
            await leader.WaitForVotersAsync(3);
            await load.MakeWalletsAsync(leader.Process);
            third.Process.Signal("STOP");
            await RunAsync(load, leader, 0, TimeSpan.FromSeconds(2)); // longer than the silence after which a quorum counts as lost
            var answers = load.Answers;
            Assert.True(answers > 0, "nothing was answered by two of three");
            Assert.True((await leader.StandingAsync()).GetProperty("enough").GetBoolean());

            var running = load.RunAsync(leader.Process, 1, Clients);
            await Task.Delay(300);
            leader.Process.Kill();
            await running;
            third.Process.Signal("CONT");
            var (status, body) = await third.PromoteAsync(acceptSingleCopy: false, second.Process.Grpc);
            Assert.True(status == HttpStatusCode.Conflict, body); // it slept, and the other has more
            (status, body) = await second.PromoteAsync(acceptSingleCopy: false, third.Process.Grpc);
            Assert.True(status == HttpStatusCode.OK, body);
            await load.AuditAsync(second.Process);
            Assert.False((await second.StandingAsync()).GetProperty("single_copy_accepted").GetBoolean());

            leader.Dispose();
            leader = CopyProcess.Start(leader.Directory, second.Process.Grpc);
            await second.WaitAsync(standing => standing.GetProperty("followers").EnumerateArray().Count(one => one.GetProperty("connected").GetBoolean() && one.GetProperty("lag_records").GetInt64() == 0) == 2, "all three are there again");
            leader.Process.Kill();
            third.Process.Kill();
            await second.WaitAsync(standing => !standing.GetProperty("enough").GetBoolean(), "one of three is not enough");
            Assert.Contains(NotEnoughReplicas, (await second.Process.PostAsync("wallets", "alone", """{"external_id":"alone"}"""))!.Value.Body, StringComparison.Ordinal);
        }
        finally
        {
            leader.Dispose();
        }
    }

    [NightlyFact]
    public async Task A_slow_disk_of_one_of_three_slows_nobody_down_and_that_copy_lags_and_catches_up()
    {
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"));
        using var second = CopyProcess.Start(Path.Combine(places.Root, "b"), leader.Process.Grpc);
        using var slow = CopyProcess.StartWith($"fdatasync:*:DELAY={SlowSyncMicroseconds}", Path.Combine(places.Root, "c"), leader.Process.Grpc, "quorum");
        await leader.WaitForVotersAsync(3);
        await load.MakeWalletsAsync(leader.Process);
        await RunAsync(load, leader, 0, TimeSpan.FromSeconds(2));
        Assert.True(load.Answers > 2 * Clients * 2_000_000 / SlowSyncMicroseconds, $"only {load.Answers} answers: they wait for the slow disk");
        var last = (await leader.StandingAsync()).GetProperty("committed").GetInt64();
        await slow.WaitAsync(standing => standing.GetProperty("applied").GetInt64() >= last, "the slow copy has everything");
        await load.AuditAsync(leader.Process);
        for (var wallet = 0; wallet < 4; wallet++) Assert.Equal(await leader.Process.GetAsync($"wallets/player-{wallet}/balances"), await slow.Process.GetAsync($"wallets/player-{wallet}/balances?min_sequence={(await leader.StandingAsync()).GetProperty("committed").GetInt64()}"));
    }

    private static async Task RunAsync(RestLoad load, CopyProcess leader, int round, TimeSpan time)
    {
        using var end = new CancellationTokenSource(time);
        await load.RunAsync(leader.Process, round, Clients, end.Token);
    }
}
