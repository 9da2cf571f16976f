using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PhoenixCore.Server.Health;
using PhoenixCore.Shard.Shadow;

namespace PhoenixCore.Server.Tests.Health;

public sealed class ShadowTests
{
    [Fact]
    public async Task The_shadow_of_a_server_follows_and_finds_nothing()
    {
        await using var server = await TestServer.StartAsync(change: settings => settings with { ShadowEvery = 8 });
        var (rich, poor) = (await server.Client.WalletAsync("rich", "USD", 10_000), await server.Client.WalletAsync("poor", "USD", 0));
        for (var i = 0; i < 50; i++) Assert.Equal(201, (await server.Client.PostAsync("/v1/transfers", $$"""{"from_wallet_id":"{{rich}}","to_wallet_id":"{{poor}}","amount":"10","asset":"USD"}""")).Status);
        var shadow = server.Server.Shard.Shadow!;
        var rounds = shadow.Rounds;
        for (var i = 0; shadow.Through < server.Server.Shard.Cursors.Committed || shadow.Rounds < rounds + 2; i++)
        {
            Assert.True(i < 1_000, "the shadow does not follow");
            await Task.Delay(20);
        }

        Assert.Equal(0, shadow.Mismatches);
        var metrics = await (await new HttpClient().GetAsync(new Uri(server.Server.RestAddress, "/metrics"))).Content.ReadAsStringAsync();
        Assert.Contains($"phoenix_shadow_sequence{{shard=\"0\"}} {shadow.Through}", metrics, StringComparison.Ordinal);
        Assert.Contains("phoenix_state_digest_mismatch_total{shard=\"0\"} 0", metrics, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(server.DataDirectory, ShadowReports.Directory)));
    }

    [Fact]
    public void A_report_has_the_account_and_its_postings()
    {
        var directory = Directory.CreateTempSubdirectory("phoenix-shadow-").FullName;
        try
        {
            var mismatch = new ShadowMismatch(ShadowFlaw.Fact, 77, 70, 1, 3_073, 5, new ShadowBalance(700, 0), new ShadowBalance(4_796, 0), [new ShadowStep(71, 1_000, false, 1_000), new ShadowStep(77, -300, true, 4_796)]);
            new ShadowReports(Path.Combine(directory, ShadowReports.Directory), NullLogger.Instance).Write(mismatch);
            var lines = File.ReadAllLines(Assert.Single(Directory.GetFiles(Path.Combine(directory, ShadowReports.Directory)))).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
            Assert.Equal(3, lines.Length);
            Assert.Equal(("fact", 77, 70, 3_073), (lines[0].GetProperty("flaw").GetString(), lines[0].GetProperty("sequence").GetInt32(), lines[0].GetProperty("agreed_at").GetInt32(), lines[0].GetProperty("wallet").GetInt32()));
            Assert.Equal(("700", "4796"), (lines[0].GetProperty("expected").GetProperty("available").GetString(), lines[0].GetProperty("found").GetProperty("available").GetString()));
            Assert.Equal((77, "reserved", "-300", "4796"), (lines[2].GetProperty("sequence").GetInt32(), lines[2].GetProperty("column").GetString(), lines[2].GetProperty("amount").GetString(), lines[2].GetProperty("after").GetString()));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
