using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace PhoenixCore.Server.Tests;

/// <summary>A hundredfold error hides in every way to write an amount, so each way is tried with random values.</summary>
public class AmountProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(60);

    [Fact]
    public async Task Every_form_of_an_amount_means_the_same_units()
    {
        await using var server = await TestServer.StartAsync();
        for (var scale = 0; scale <= 4; scale += 2) await server.Client.PostAsync("/assets", $$"""{"code":"S{{scale}}","name":"s","scale":{{scale}}}""");
        var units = Gen.Choose(1, int.MaxValue).SelectMany(_ => Gen.Choose(0, 2).Select(half => half * 2), (value, scale) => (Units: (long)value, Scale: scale));
        var wallets = 0;
        Check.One(Runs, Prop.ForAll(Arb.From(units), given =>
        {
            var wallet = $"w{wallets++}";
            return HoldsAsync(server.Client, wallet, given.Units, given.Scale).GetAwaiter().GetResult();
        }));
    }

    private static async Task<bool> HoldsAsync(TestClient client, string wallet, long units, int scale)
    {
        await client.WalletAsync(wallet, "USD", 0);
        var factor = (decimal)Math.Pow(10, scale);
        var exact = (units / factor).ToString("F" + scale, CultureInfo.InvariantCulture);
        var pointed = scale == 0 ? exact + ".00" : exact + "000";
        string[] replies =
        [
            await SendAsync("/credits", units.ToString(CultureInfo.InvariantCulture)),
            await SendAsync("/v1/credits", units.ToString(CultureInfo.InvariantCulture)),
            await SendAsync("/credits", $"\"{pointed}\""),
            await SendAsync("/v1/credits", $"\"{pointed}\""),
            await SendAsync("/credits", $"\"{exact}\""),
            await SendAsync("/v1/credits", $"\"{units}\""),
        ];
        var (available, _) = await client.BalanceAsync(wallet, $"S{scale}");
        return replies.All(minor => minor == units.ToString(CultureInfo.InvariantCulture)) && available == 6 * units;

        async Task<string> SendAsync(string path, string amount) =>
            (await client.PostAsync(path, $$"""{"wallet_id":"{{wallet}}","amount":{{amount}},"asset":"S{{scale}}"}"""))["amount_minor"];
    }

    [Fact]
    public async Task The_largest_amount_is_kept_to_the_unit()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("w", "USD", 0);
        var nines = new string('9', 38);
        Assert.Equal(nines, (await server.Client.PostAsync("/v1/credits", $$"""{"wallet_id":"w","amount":"{{nines}}","asset":"USD"}"""))["amount"]);
        Assert.Equal($"{nines[..36]}.99", (await server.Client.GetAsync("/wallets/w/balances/USD"))["available"]);
        Assert.Equal("422 BALANCE_WOULD_OVERFLOW", (await server.Client.PostAsync("/credits", """{"wallet_id":"w","amount":1,"asset":"USD"}""")).Outcome);
    }

    /// <summary>The ledger must never apply units that were made with another scale than the asset's.</summary>
    [Fact]
    public async Task Decimals_in_a_batch_take_the_scale_of_what_the_batch_makes()
    {
        await using var server = await TestServer.StartAsync();
        var batch = await server.Client.PostAsync("/batches", """{"operations":[{"type":"asset","code":"PTS","scale":3},{"type":"wallet","external_id":"w","currency":"PTS"},{"type":"credit","wallet_id":"w","amount":"1.5"},{"type":"credit","wallet_id":"w","amount":"1.5","asset":"PTS"}]}""");
        Assert.Equal("201", batch.Outcome);
        Assert.Equal((3_000, 0), await server.Client.BalanceAsync("w", "PTS"));
        await server.Client.WalletAsync("no-asset", "USD", 0);
        Assert.Equal("400 VALIDATION_ERROR", (await server.Client.PostAsync("/credits", """{"wallet_id":"no-asset","amount":"1.5"}""")).Outcome);
    }
}
