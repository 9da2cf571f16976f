namespace PhoenixCore.Server.Tests;

public class ConcurrencyTests
{
    [Fact]
    public async Task Sixty_four_callers_on_one_balance_never_oversell()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("w", "USD", 1_000);
        var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            var outcomes = new List<string>();
            for (var i = 0; i < 5; i++)
            {
                var path = (caller + i) % 2 == 0 ? "/debits" : "/reservations";
                outcomes.Add((await server.Client.PostAsync(path, """{"wallet_id":"w","amount":10,"asset":"USD"}""")).Outcome);
            }

            return outcomes;
        }));
        var all = replies.SelectMany(outcomes => outcomes).ToArray();
        Assert.Equal(100, all.Count(outcome => outcome == "201"));
        Assert.Equal(220, all.Count(outcome => outcome == "400 INSUFFICIENT_BALANCE"));
        Assert.Equal(0, (await server.Client.BalanceAsync("w", "USD")).Available);
    }
}
