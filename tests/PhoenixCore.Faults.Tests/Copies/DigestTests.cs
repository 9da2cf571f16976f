using System.Text.Json;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>Two copies compare their states while they run, and a bit that has flipped in the memory of one is found.</summary>
public sealed class DigestTests
{
    private const int Clients = 2;
    private const int InvariantBroken = 71;
    private const string Compared = "phoenix_replication_digests_compared_total{";
    private const string Differed = "phoenix_replication_digest_mismatch_total{";
    private const long Amount = 7_234_567_890_123_457;
    private const long OneBit = 1L << 21;
    private static readonly string[] EverySecond = ["--digest-every-seconds", "1"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_copy_whose_memory_has_flipped_ends_and_comes_back_with_the_right_state()
    {
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"), null, "quorum", EverySecond);
        var follower = CopyProcess.Start(Path.Combine(places.Root, "b"), leader.Process.Grpc, "quorum", EverySecond);
        try
        {
            await leader.WaitForVotersAsync(2);
            await load.MakeWalletsAsync(leader.Process);
            var made = await leader.Process.PostAsync("wallets", "rich", """{"external_id":"rich"}""");
            using var json = JsonDocument.Parse(made!.Value.Body);
            var id = json.RootElement.GetProperty("data").GetProperty("id").GetString();
            Assert.Equal(201, (await leader.Process.PostAsync("credits", "riches", $$"""{"wallet_id":"{{id}}","asset":"USD","amount":{{Amount}}}"""))!.Value.Status);
            var expected = await leader.Process.GetAsync("wallets/rich/balances");
            await (await UnderLoadAsync(load, leader, 0, async () => await leader.MetricAsync(Compared) >= 2)).WaitAsync(Patience);
            Assert.Equal(0, await leader.MetricAsync(Differed));

            Assert.True(ProcessMemory.Flip(follower.Process.Id, Amount, OneBit) > 0, "the amount was not found in memory");
            Assert.NotEqual(expected, await follower.Process.GetAsync("wallets/rich/balances"));
            await TakeSnapshotAsync(follower); // what has flipped is in it, with checksums that hold
            var waiting = await UnderLoadAsync(load, leader, 1, () => Task.FromResult(follower.Process.HasEnded));
            Assert.Equal(InvariantBroken, follower.Process.WaitEnd());
            Assert.Contains("[1048]", follower.Process.Said, StringComparison.Ordinal);
            Assert.Contains("[1048]", leader.Process.Said, StringComparison.Ordinal);
            Assert.Equal(1, await leader.MetricAsync(Differed));
            Assert.NotEmpty(Directory.GetFiles(follower.Directory, "*.suspect", SearchOption.AllDirectories));

            follower.Dispose();
            follower = CopyProcess.Start(follower.Directory, leader.Process.Grpc, "quorum", EverySecond);
            await leader.WaitForVotersAsync(2);
            await waiting.WaitAsync(Patience); // what was sent while it was gone is acknowledged now
            var compared = await leader.MetricAsync(Compared);
            await (await UnderLoadAsync(load, leader, 2, async () => await leader.MetricAsync(Compared) >= compared + 2)).WaitAsync(Patience);
            Assert.Equal(1, await leader.MetricAsync(Differed));
            Assert.Equal(expected, await follower.Process.GetAsync("wallets/rich/balances"));
        }
        finally
        {
            follower.Dispose();
        }
    }

    /// <returns>What was sent and is not answered yet.</returns>
    private static async Task<Task> UnderLoadAsync(RestLoad load, CopyProcess leader, int round, Func<Task<bool>> holds)
    {
        using var end = new CancellationTokenSource();
        var running = load.RunAsync(leader.Process, round, Clients, end.Token);
        for (var until = DateTime.UtcNow + Patience; !await holds(); await Task.Delay(50)) Assert.True(DateTime.UtcNow < until, leader.Process.Said);
        await end.CancelAsync();
        return running;
    }

    private static async Task TakeSnapshotAsync(CopyProcess copy)
    {
        using var http = copy.Process.Client(Patience);
        using var answer = await http.PostAsync("snapshots", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
