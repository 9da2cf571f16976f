using System.Text;

namespace PhoenixCore.Server.Tests;

public class HistoryTests
{
    [Fact]
    public async Task Pages_neither_repeat_nor_skip_while_others_write()
    {
        await using var server = await TestServer.StartAsync();
        var rig = new HistoryRig(server, seed: 1);
        await rig.PrepareAsync();
        await rig.RunAsync(200);
        var before = await rig.EntriesAsync();

        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                await server.Client.PostAsync("/v1/transfers", $$"""{"from_wallet_id":"ann","to_wallet_id":"house_wallet","amount":1,"asset":"{{HistoryRig.Assets[(i + writer) % 2]}}","reference":"ref-1"}""", key: "");
        }));
        var lists = new[] { "/wallets/ann/transactions?limit=5", "/wallets/house_wallet/entries?limit=5", "/ledger/entries?limit=20", "/ledger/transactions?reference=ref-1&limit=5", "/transfers?wallet_id=house_wallet&limit=5" };
        var during = new List<List<string>>();
        foreach (var list in lists) during.Add(await IdsAsync(rig, list));
        await stop.CancelAsync();
        await writing;

        for (var i = 0; i < lists.Length; i++)
        {
            var all = await IdsAsync(rig, lists[i]);
            var from = all.IndexOf(during[i][0]);
            Assert.True(from > 0, $"{lists[i]}: nothing was written meanwhile");
            Assert.Equal(all[from..], during[i]);
        }

        Assert.True(before.Count < (await rig.EntriesAsync()).Count);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=ten")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=e30%3D")]
    [InlineData("type=GIFT")]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-01-01")]
    [InlineData("min_amount=1")]
    [InlineData("asset=USD&min_amount=1.001")]
    [InlineData("asset=USD&max_amount=-1")]
    [InlineData("direction=up")]
    [InlineData("account=savings")]
    [InlineData("reference=")]
    public async Task A_bad_parameter_is_refused(string query)
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("w", "USD", 100);
        foreach (var list in new[] { "/wallets/w/transactions", "/v1/wallets/w/entries", "/ledger/entries", "/credits" }) Assert.Equal("400 VALIDATION_ERROR", (await server.Client.GetAsync($"{list}?{query}")).Outcome);
    }

    [Fact]
    public async Task A_cursor_belongs_to_the_list_that_gave_it_out_and_to_its_filters()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        foreach (var wallet in new[] { "a", "b" })
        {
            await client.WalletAsync(wallet, "USD", 100);
            for (var i = 0; i < 3; i++) await client.PostAsync("/credits", $$"""{"wallet_id":"{{wallet}}","amount":1,"asset":"USD"}""");
        }

        var page = await client.GetAsync("/wallets/a/transactions?limit=2");
        var cursor = Uri.EscapeDataString(page.Json.GetProperty("pagination").GetProperty("next_cursor").GetString()!);
        Assert.Equal("200", (await client.GetAsync($"/v1/wallets/a/transactions?limit=1&cursor={cursor}")).Outcome);
        foreach (var other in new[] { "/wallets/b/transactions?", "/wallets/a/entries?", "/wallets/a/transactions?asset=USD&", "/wallets/a/transactions?type=CREDIT&" })
            Assert.Equal("400 VALIDATION_ERROR", (await client.GetAsync($"{other}cursor={cursor}")).Outcome);

        var inside = Encoding.UTF8.GetString(Convert.FromBase64String(Uri.UnescapeDataString(cursor)));
        var forged = Convert.ToBase64String(Encoding.UTF8.GetBytes(inside.Replace("ent_", "ent_0", StringComparison.Ordinal)));
        Assert.Equal("400 VALIDATION_ERROR", (await client.GetAsync($"/wallets/a/transactions?cursor={Uri.EscapeDataString(forged)}")).Outcome);
    }

    [Theory]
    [InlineData("/wallets/nobody/transactions", "WALLET_NOT_FOUND")]
    [InlineData("/wallets/nobody/entries", "WALLET_NOT_FOUND")]
    [InlineData("/wallets/nobody/reservations", "WALLET_NOT_FOUND")]
    [InlineData("/wallets/nobody/balances?sequence=1", "WALLET_NOT_FOUND")]
    [InlineData("/wallets/house_wallet/balances?asset=NONE", "ASSET_NOT_FOUND")]
    [InlineData("/wallets/house_wallet/balances?asset=NONE&at=2026-01-01T00:00:00Z", "ASSET_NOT_FOUND")]
    [InlineData("/credits?wallet_id=nobody", "WALLET_NOT_FOUND")]
    [InlineData("/ledger/entries?wallet_id=wal_00000000000000000000000000", "WALLET_NOT_FOUND")]
    [InlineData("/ledger/entries?asset=NONE", "ASSET_NOT_FOUND")]
    [InlineData("/ledger/trial-balance?asset=NONE", "ASSET_NOT_FOUND")]
    [InlineData("/lots/lot_00000000000000000000000000", "LOT_NOT_FOUND")]
    [InlineData("/lots/lot_00000000000000000000000000/entries", "LOT_NOT_FOUND")]
    [InlineData("/lots/x", "LOT_NOT_FOUND")]
    [InlineData("/reservations/rsv_00000000000000000000000000", "RESERVATION_NOT_FOUND")]
    public async Task What_was_never_there_is_404(string path, string code)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("404 " + code, (await server.Client.GetAsync(path)).Outcome);
        Assert.Equal("404 " + code, (await server.Client.GetAsync("/v1" + path)).Outcome);
    }

    [Fact]
    public async Task A_currency_that_nobody_has_used_yet_is_no_unknown_asset()
    {
        await using var server = await TestServer.StartAsync();
        var balances = await server.Client.GetAsync("/wallets/house_wallet/balances?asset=SEK");
        Assert.Equal("200", balances.Outcome);
        Assert.Equal(0, balances.Data.GetProperty("balances").GetArrayLength());
    }

    [Fact]
    public async Task A_balance_of_the_future_or_of_two_moments_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("w", "USD", 100);
        foreach (var query in new[] { "sequence=100000", "sequence=0", "sequence=-1", "at=2199-01-01T00:00:00Z", "at=today", "at=2026-01-01T00:00:00Z&sequence=1" })
            Assert.Equal("400 VALIDATION_ERROR", (await server.Client.GetAsync($"/wallets/w/balances?{query}")).Outcome);
        Assert.Equal("0.00", (await server.Client.GetAsync("/wallets/w/balances/USD?at=2020-01-01T00:00:00Z"))["available"]);
        Assert.Empty((await server.Client.GetAsync("/wallets/w/balances?sequence=1")).Data.GetProperty("balances").EnumerateArray());
    }

    [Fact]
    public async Task A_lot_that_is_used_up_still_names_its_source_and_terms()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("a", "USD", 0);
        await client.WalletAsync("b", "USD", 0);
        var credit = await client.PostAsync("/credits", """{"wallet_id":"a","amount":"5.00","asset":"USD","reference":"bonus-7","lot":{"expires_at":"2199-01-01T00:00:00Z","attributes":{"kind":"bonus"}}}""");
        var moved = await client.PostAsync("/transfers", """{"from_wallet_id":"a","to_wallet_id":"b","amount":"5.00","asset":"USD"}""");
        await client.PostAsync("/debits", """{"wallet_id":"b","amount":"5.00","asset":"USD"}""");

        var first = await client.GetAsync($"/lots/{credit.Data.GetProperty("lot").GetProperty("id")}");
        Assert.Equal(("depleted", "5.00", "0.00", """{"kind":"bonus"}"""), (first["status"], first["initial_amount"], first["current_amount"], first["attributes"]));
        Assert.Equal(("credit", credit["id"], "bonus-7"), SourceOf(first));
        var second = await client.GetAsync($"/lots/{moved.Data.GetProperty("lot_movements")[0].GetProperty("to_lot_id")}");
        Assert.Equal(("depleted", """{"kind":"bonus"}""", "2199-01-01T00:00:00.000Z"), (second["status"], second["attributes"], second["expires_at"]));
        Assert.Equal(("transfer", moved["id"], ""), SourceOf(second));
    }

    [Fact]
    public async Task A_lot_that_expired_says_so_for_ever()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("a", "USD", 0);
        var soon = DateTimeOffset.UtcNow.AddSeconds(1).ToString("O");
        var credit = await client.PostAsync("/credits", $$"""{"wallet_id":"a","amount":"5.00","asset":"USD","lot":{"expires_at":"{{soon}}"} }""");
        await Task.Delay(1_200);
        var lot = await client.GetAsync($"/lots/{credit.Data.GetProperty("lot").GetProperty("id")}");
        Assert.Equal(("expired", "0.00"), (lot["status"], lot["current_amount"]));
        var entries = (await client.GetAsync($"/lots/{lot["id"]}/entries")).Json.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(["LOT_EXPIRE", "CREDIT"], entries.Select(entry => entry.GetProperty("type").GetString()));
        Assert.Equal("LOT_EXPIRE", Assert.Single((await client.GetAsync("/wallets/a/transactions?type=LOT_EXPIRE")).Json.GetProperty("data").EnumerateArray()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Lists_of_credits_transfers_and_debits_have_the_resources_themselves()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("a", "USD", 0);
        await client.WalletAsync("b", "USD", 0);
        var credit = await client.PostAsync("/credits", """{"wallet_id":"a","amount":"9.00","asset":"USD"}""");
        var transfer = await client.PostAsync("/transfers", """{"from_wallet_id":"a","to_wallet_id":"b","amount":"2.00","asset":"USD"}""");
        var bet = await client.PostAsync("/reservations", """{"wallet_id":"a","amount":"3.00","asset":"USD"}""");
        var lost = await client.PostAsync("/transfers", $$"""{"reservation_id":"{{bet["id"]}}","to_wallet_id":"b"}""");
        var debit = await client.PostAsync("/debits", """{"wallet_id":"b","amount":"1.00","asset":"USD"}""");

        foreach (var (list, wanted) in new[] { ("/credits?wallet_id=a", [credit]), ("/transfers?wallet_id=b", new[] { lost, transfer }), ("/transfers", [lost, transfer]), ("/debits?wallet_id=b", [debit]), ("/credits?wallet_id=b", []) })
            Assert.Equal(wanted.Select(reply => reply.Data.GetRawText()), (await client.GetAsync(list)).Json.GetProperty("data").EnumerateArray().Select(row => row.GetRawText()));
        Assert.Equal(debit.Text, (await client.GetAsync($"/debits/{debit["id"]}")).Text);
    }

    [Fact]
    public async Task How_a_reservation_ended_is_known_after_many_others_have()
    {
        const int AtOnce = 900;
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 1_000_000);
        var (committed, released) = (await ReserveAsync(), await ReserveAsync());
        var commit = await client.PostAsync($"/v1/reservations/{committed}/commit", """{"amount":30,"to_wallet_id":"house_wallet"}""");
        await client.PostAsync($"/v1/reservations/{released}/release");
        var before = await client.GetAsync($"/v1/reservations/{committed}");
        for (var ended = 0; ended < 66_000; ended += AtOnce)
        {
            var made = await client.PostAsync("/v1/batches", Batch(Enumerable.Repeat("""{"type":"reservation","wallet_id":"w","amount":1,"asset":"USD"}""", AtOnce)), key: "");
            Assert.Equal("201", made.Outcome);
            var ids = made.Data.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("id").GetString());
            Assert.Equal("201", (await client.PostAsync("/v1/batches", Batch(ids.Select(id => $$"""{"type":"release","reservation_id":"{{id}}"}""")), key: "")).Outcome);
        }

        Assert.Equal(before.Text, (await client.GetAsync($"/v1/reservations/{committed}")).Text);
        Assert.Equal(("COMMITTED", "30", "70", commit["transaction_id"]), (before["status"], before["committed_amount"], before["released_amount"], before["transaction_id"]));
        var other = await client.GetAsync($"/reservations/{released}");
        Assert.Equal(("released", "0.00", "1.00"), (other["status"], other["committed_amount"], other["released_amount"]));

        async Task<string> ReserveAsync() => (await client.PostAsync("/v1/reservations", """{"wallet_id":"w","amount":100,"asset":"USD"}"""))["id"];
    }

    [Fact]
    public async Task Lists_of_wallets_take_filters()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        for (var i = 0; i < 30; i++) await client.PostAsync("/wallets", $$"""{"external_id":"w{{i}}","holder_id":"h{{i % 3}}"}""");
        foreach (var i in new[] { 3, 4, 9 }) await client.PostAsync($"/wallets/w{i}/freeze");
        await client.PostAsync("/wallets/w6/close");

        Assert.Equal(["w3", "w4", "w9"], await NamesAsync("status=frozen"));
        Assert.Equal(["w3", "w9"], await NamesAsync("status=FROZEN&holder_id=h0"));
        Assert.Equal(["w6"], await NamesAsync("status=closed"));
        Assert.Equal(10, (await NamesAsync("holder_id=h1")).Count);
        Assert.Equal(["w4"], await NamesAsync("external_id=w4&status=frozen"));
        Assert.Empty(await NamesAsync("external_id=w4&status=active"));
        Assert.Equal(4 + 1 + 30 - 4, (await NamesAsync("include_system=true&status=active")).Count);
        Assert.Equal("400 VALIDATION_ERROR", (await client.GetAsync("/wallets?status=sleeping")).Outcome);

        async Task<List<string>> NamesAsync(string query) =>
            (await new HistoryRig(server, 0).ReadAllAsync($"/wallets?limit=4&{query}")).ConvertAll(row => row.GetProperty("external_id").GetString()!);
    }

    [Fact]
    public async Task A_transaction_names_what_it_made_and_what_it_undoes()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var (ann, bob) = (await client.WalletAsync("ann", "USD", 0), await client.WalletAsync("bob", "USD", 0));
        var credit = await client.PostAsync("/credits", $$"""{"wallet_id":"{{ann}}","amount":100,"asset":"USD"}""");
        var reservation = await client.PostAsync("/reservations", $$"""{"wallet_id":"{{ann}}","amount":40,"asset":"USD","intent":"purchase"}""");
        Assert.Equal(("purchase", "purchase"), (reservation["intent"], (await client.GetAsync($"/v1/reservations/{reservation["id"]}"))["intent"]));
        var commit = await client.PostAsync($"/reservations/{reservation["id"]}/commit", $$"""{"to_wallet_id":"{{bob}}"}""");
        var debit = await client.PostAsync("/debits", $$"""{"wallet_id":"{{ann}}","amount":1,"asset":"USD"}""");
        var legs = await client.PostAsync("/transfers", $$"""{"legs":[{"from_wallet_id":"{{bob}}","to_wallet_id":"{{ann}}","amount":1,"asset":"USD"},{"from_wallet_id":"{{bob}}","to_wallet_id":"{{ann}}","amount":2,"asset":"USD"}]}""");
        var reversal = await client.PostAsync($"/credits/{credit["id"]}/reverse", """{"amount":5}""");
        var rows = (await client.GetAsync("/v1/ledger/transactions?limit=6")).Json.GetProperty("data").EnumerateArray().ToList();
        var made = legs.Data.GetProperty("legs").EnumerateArray().Select(leg => leg.GetProperty("id").ToString()).ToList();

        Assert.Equal(["REVERSAL", "TRANSFER", "CONSUME", "RESERVATION_COMMIT", "RESERVATION_HOLD", "CREDIT"], rows.Select(row => row.GetProperty("type").ToString()));
        Assert.Equal(credit["id"], rows[0].GetProperty("reverses").ToString());
        Assert.False(rows[0].TryGetProperty("operation_id", out _));
        Assert.Equal([made[0], debit["id"], reservation["id"], reservation["id"], credit["id"]], rows.Skip(1).Select(row => row.GetProperty("operation_id").ToString()));
        Assert.Equal(made, rows[1].GetProperty("operation_ids").EnumerateArray().Select(id => id.ToString()));
        Assert.DoesNotContain(rows.Skip(1), row => row.TryGetProperty("reverses", out _));
        Assert.Equal(credit["id"], (await client.GetAsync($"/ledger/transactions/{reversal["transaction_id"]}"))["reverses"]);
        Assert.Equal((200, 201), (commit.Status, (await client.PostAsync($"/transfers/{made[1]}/reverse")).Status)); // a leg by its own id
    }

    [Fact]
    public async Task A_reservation_keeps_its_words_whatever_is_done_to_it()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 100);
        var made = await client.PostAsync("/reservations", """{"wallet_id":"ann","amount":40,"asset":"USD","reference":"bet","metadata":{"round":7},"intent":"wager"}""");
        var path = $"/reservations/{made["id"]}";
        TestReply[] replies =
        [
            await client.PostAsync($"{path}/increment", """{"amount":10}"""),
            await client.PostAsync($"{path}/extend", """{"expires_in":60}"""),
            await client.PostAsync($"{path}/commit", """{"amount":10,"final":false,"to_wallet_id":"house_wallet","reference":"part","metadata":{"n":1}}"""),
            await client.PostAsync($"{path}/release", """{"amount":5,"reason":"less"}"""),
            await client.GetAsync(path),
            await client.PostAsync($"{path}/commit", """{"reference":"rest"}"""),
            await client.GetAsync(path),
        ];
        Assert.All(replies, reply => Assert.Equal(("bet", """{"round":7}""", "wager"), (reply["reference"], reply["metadata"], reply["intent"])));
        Assert.Equal("part", (await client.GetAsync($"/ledger/transactions/{replies[2]["transaction_id"]}"))["reference"]);
        Assert.Equal("part", (await client.GetAsync($"/transfers/{replies[2]["transfer_id"]}"))["reference"]);
    }

    private static string Batch(IEnumerable<string> operations) => $$"""{"operations":[{{string.Join(',', operations)}}]}""";

    private static (string Type, string Id, string Reference) SourceOf(TestReply lot)
    {
        var source = lot.Data.GetProperty("source");
        return (source.GetProperty("type").ToString(), source.GetProperty("id").ToString(), source.GetProperty("reference").ToString());
    }

    private static async Task<List<string>> IdsAsync(HistoryRig rig, string list) => (await rig.ReadAllAsync(list)).ConvertAll(row => row.GetProperty("id").GetString()!);
}
