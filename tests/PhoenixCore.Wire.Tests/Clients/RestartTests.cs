using System.Collections.Concurrent;
using PhoenixCore.Client;
using PhoenixCore.Client.Api;
using Xunit;

namespace PhoenixCore.Wire.Tests.Clients;

public sealed class RestartTests
{
    /// <summary>Calls are under way all the time, so that each kill finds some between their being sent, written and answered.</summary>
    [Fact]
    public async Task Calls_that_are_repeated_over_kills_of_the_server_have_one_effect_each()
    {
        const int Callers = 8;
        await using var server = await ServerProcess.StartAsync();
        using var phoenix = new PhoenixClient(server.Grpc, ServerProcess.Key, new PhoenixClientOptions { AttemptsMax = 200, BackoffMax = TimeSpan.FromMilliseconds(200) });
        await phoenix.Wallets.CreateAsync(new NewWallet("player") { DefaultAsset = "USD" });
        using var ends = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var seen = new ConcurrentQueue<ulong>();
        var followed = FollowAsync(phoenix, seen, ends.Token);

        var going = true;
        var calls = Enumerable.Range(0, Callers).Select(async _ =>
        {
            var receipts = new List<string>();
            while (Volatile.Read(ref going)) receipts.Add((await phoenix.Credits.CreateAsync("player", new Money(1, 2, "USD"), options: new RequestOptions { CancellationToken = ends.Token })).Id);
            return receipts;
        }).ToArray();
        for (var kill = 0; kill < 2; kill++)
        {
            await Task.Delay(700, ends.Token);
            await server.KillAsync();
            await Task.Delay(200, ends.Token);
            await server.RunAsync();
        }

        await Task.Delay(300, ends.Token);
        Volatile.Write(ref going, false);
        var made = (await Task.WhenAll(calls)).SelectMany(receipts => receipts).ToArray();

        Assert.True(made.Length > Callers * 2, $"only {made.Length} calls: the kills met nothing");
        Assert.Equal(made.Length, made.Distinct().Count());
        Assert.Equal(made.Length, (await phoenix.Wallets.GetAsync("player")).BalanceOf("USD")!.Total.Units);
        Assert.Equal(made.Order(), (await phoenix.Credits.ListAsync(new HistoryFilter { Wallet = "player" }, ends.Token).Select(row => row.Id).ToArrayAsync(ends.Token)).Order());

        var last = (await phoenix.Ledger.ListTransactionsAsync(ct: ends.Token).FirstAsync(ends.Token)).Sequence;
        while (seen.LastOrDefault() < last) await Task.Delay(20, ends.Token);
        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => followed);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(n => (ulong)n), seen.Distinct().Order());
    }

    private static async Task FollowAsync(PhoenixClient phoenix, ConcurrentQueue<ulong> seen, CancellationToken ct)
    {
        await foreach (var happened in phoenix.Events.StreamAsync(fromSequence: 1, ct: ct)) seen.Enqueue(happened.Sequence);
    }
}
