using System.Diagnostics;
using System.Net;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>Two real servers at quorum: one is killed, stopped or wiped, the other goes on.</summary>
public sealed class PromotionTests(ITestOutputHelper output)
{
    private const string NotEnoughReplicas = "NOT_ENOUGH_REPLICAS";
    private const string PromotionRefused = "PROMOTION_REFUSED";
    private const int Clients = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_leader_is_killed_under_load_and_everything_acknowledged_is_on_the_promoted_follower_once()
    {
        var rounds = TestSize.Scale(2, 100);
        using var places = new TemporaryDirectory();
        var (load, random) = (new RestLoad(), new Random(TestSize.Seed));
        var leader = CopyProcess.Start(Path.Combine(places.Root, "a"));
        var follower = CopyProcess.Start(Path.Combine(places.Root, "b"), leader.Process.Grpc);
        try
        {
            await leader.WaitForVotersAsync(2);
            await load.MakeWalletsAsync(leader.Process);
            for (var round = 0; round < rounds; round++)
            {
                var running = load.RunAsync(leader.Process, round, Clients);
                await Task.Delay(random.Next(100, 600));
                leader.Process.Kill();
                await running;
                Assert.Equal(HttpStatusCode.Conflict, (await follower.PromoteAsync(acceptSingleCopy: false)).Status);
                await follower.MustLeadAsync();
                await load.AuditAsync(follower.Process, IsWholeAudit(round, rounds) ? null : round);
                leader.Dispose();
                (leader, follower) = (follower, CopyProcess.Start(leader.Directory, follower.Process.Grpc));
                await leader.WaitForVotersAsync(2);
            }

            Assert.True(load.Answers > rounds * 10, $"only {load.Answers} answers");
            output.WriteLine($"{rounds} leaders killed, {load.Answers} answers, {load.Compared} compared");
        }
        finally
        {
            leader.Dispose();
            follower.Dispose();
        }
    }

    [Fact]
    public async Task A_leader_that_slept_through_a_promotion_answers_no_read_and_no_write_and_ends()
    {
        var rounds = TestSize.Scale(1, 100);
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        var leader = CopyProcess.Start(Path.Combine(places.Root, "a"));
        var follower = CopyProcess.Start(Path.Combine(places.Root, "b"), leader.Process.Grpc);
        try
        {
            await leader.WaitForVotersAsync(2);
            await load.MakeWalletsAsync(leader.Process);
            for (var round = 0; round < rounds; round++)
            {
                using var end = new CancellationTokenSource();
                var running = load.RunAsync(leader.Process, round, Clients, end.Token);
                await Task.Delay(150);
                leader.Process.Signal("STOP");
                await end.CancelAsync();
                await follower.MustLeadAsync();
                using var http = leader.Process.Client(TimeSpan.FromSeconds(10));
                var read = AskAsync(() => http.GetAsync("wallets/player-0"));
                var write = AskAsync(() => http.PostAsync("wallets", new StringContent($$"""{"external_id":"late-{{round}}"}""", System.Text.Encoding.UTF8, "application/json")));
                await Task.Delay(50);
                leader.Process.Signal("CONT");
                Assert.False(IsSuccess(await read), "a deposed leader answered a read");
                Assert.False(IsSuccess(await write), "a deposed leader took a write");
                Assert.Equal(74, leader.Process.WaitEnd());
                await running.WaitAsync(Patience);
                await load.AuditAsync(follower.Process, IsWholeAudit(round, rounds) ? null : round); // what it still answered of what both had held is on the other
                leader.Dispose();
                (leader, follower) = (follower, CopyProcess.Start(leader.Directory, follower.Process.Grpc));
                await leader.WaitForVotersAsync(2);
            }

            output.WriteLine($"{rounds} leaders stopped and woken, {load.Answers} answers, {load.Compared} compared");
        }
        finally
        {
            leader.Dispose();
            follower.Dispose();
        }
    }

    [Fact]
    public async Task A_wiped_copy_has_no_vote_and_cannot_lead()
    {
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"));
        var directory = Path.Combine(places.Root, "b");
        using (var follower = CopyProcess.Start(directory, leader.Process.Grpc))
        {
            await leader.WaitForVotersAsync(2);
            await load.MakeWalletsAsync(leader.Process);
            follower.Process.Kill();
        }

        Directory.Delete(directory, recursive: true);
        using var reborn = CopyProcess.Start(directory, leader.Process.Grpc);
        await leader.WaitAsync(standing => standing.GetProperty("followers").EnumerateArray().Any(one => one.GetProperty("connected").GetBoolean() && one.GetProperty("lag_records").GetInt64() == 0), "the reborn copy has everything");
        await leader.WaitAsync(standing => !standing.GetProperty("enough").GetBoolean(), "the old copy is missed"); // what is sent before waits for it
        Assert.Contains(NotEnoughReplicas, (await leader.Process.PostAsync("wallets", "while-short", """{"external_id":"nobody"}"""))!.Value.Body, StringComparison.Ordinal); // its acknowledgements count nowhere
        Assert.Equal("learner", (await reborn.StandingAsync()).GetProperty("role").GetString());
        var (status, body) = await reborn.PromoteAsync(acceptSingleCopy: true);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains(PromotionRefused, body, StringComparison.Ordinal);
        await leader.MustLeadAsync(); // the operator says that the old one is gone for good
        await leader.WaitForVotersAsync(2);
        Assert.Equal(201, (await leader.Process.PostAsync("wallets", "with-a-vote", """{"external_id":"somebody"}"""))!.Value.Status);
        leader.Process.Kill();
        await reborn.MustLeadAsync();
        Assert.Contains("somebody", await reborn.Process.GetAsync("wallets/somebody"), StringComparison.Ordinal);
    }

    /// <summary>What earlier rounds have had acknowledged is looked for now and then, and at the end.</summary>
    private static bool IsWholeAudit(int round, int rounds) => round % 25 == 24 || round == rounds - 1;

    /// <returns>Null when there was no answer.</returns>
    private static async Task<HttpStatusCode?> AskAsync(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private static bool IsSuccess(HttpStatusCode? status) => status is { } known && (int)known < 300;
}
