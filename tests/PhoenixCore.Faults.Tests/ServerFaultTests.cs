using PhoenixCore.Shard;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>The whole server, spoken to over REST.</summary>
public class ServerFaultTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int LoadMillisecondsMax = 400;

    [Fact]
    public async Task A_killed_server_answers_every_key_as_before_and_has_the_balances_of_what_it_accepted()
    {
        using var place = new TemporaryDirectory();
        var (load, random, rounds) = (new RestLoad(), new Random(TestSize.Seed), TestSize.Scale(4, 100));
        for (var round = 0; round <= rounds; round++)
        {
            using var server = ServerProcess.Start(place.Data);
            if (round == 0) await load.MakeWalletsAsync(server);
            else await load.AuditAsync(server);
            if (round == rounds) break;
            var running = load.RunAsync(server, round, Clients);
            await Task.Delay(50 + random.Next(LoadMillisecondsMax));
            server.Kill();
            await running;
            Assert.Equal(137, server.WaitEnd());
        }

        output.WriteLine($"{rounds} kills under REST load; {load.Answers} answers, compared {load.Compared} times, 0 differences");
    }

    [ShimFact]
    public async Task A_server_whose_sync_fails_answers_nothing_more_and_ends_with_70()
    {
        using var place = new TemporaryDirectory();
        var (load, rounds) = (new RestLoad(), TestSize.Scale(2, 30));
        using (var server = ServerProcess.Start(place.Data)) await load.MakeWalletsAsync(server);
        for (var round = 0; round < rounds; round++)
        {
            using (var server = ServerProcess.Start(place.Data, $"fdatasync:{10 + (7 * round)}:{(round % 2 == 0 ? "EIO" : "ENOSPC")}"))
            {
                await load.RunAsync(server, round, Clients);
                Assert.Equal(ShardFault.StorageFailed, server.WaitEnd());
            }

            using var after = ServerProcess.Start(place.Data);
            await load.AuditAsync(after);
        }

        output.WriteLine($"{rounds} failed syncs under REST load; {load.Answers} answers, compared {load.Compared} times, 0 differences");
    }
}
