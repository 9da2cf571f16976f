using System.Text.Json;

namespace PhoenixCore.Server.Tests;

/// <summary>What history answers is what the whole list of entries says, added up by hand: in the newest part, behind side indexes, and across both.</summary>
public class HistoryProperties
{
    private static readonly int Operations = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 20_000 : 500;

    [Fact]
    public async Task Random_traffic_reads_the_same_from_the_journal_and_from_its_side_indexes()
    {
        var seed = Random.Shared.Next();
        await using var server = await TestServer.StartAsync();
        var rig = new HistoryRig(server, seed);
        await rig.PrepareAsync();
        await rig.RunAsync(Operations);
        await CheckAsync(rig, seed); // nothing is indexed yet

        await server.RestartAsync();
        await rig.IndexedAsync();
        await CheckAsync(rig, seed + 1); // all is indexed but what the start wrote

        await rig.RunAsync(Operations / 2);
        await CheckAsync(rig, seed + 2);
    }

    private static async Task CheckAsync(HistoryRig rig, int seed)
    {
        await Task.Delay(1_200);
        var ids = new Dictionary<string, string>();
        foreach (var wallet in HistoryRig.Wallets) ids[wallet] = (await rig.Client.GetAsync($"/v1/wallets/{wallet}"))["id"]; // short reservations have run out: from here on nothing is written
        var entries = await rig.EntriesAsync();
        CheckRunningBalances(entries, seed);
        await CheckBalancesAsync(rig, entries, ids, new Random(seed));
        await CheckListsAsync(rig, entries, ids);
        await CheckLotsAsync(rig, entries, new Random(seed));
        await CheckReservationsAsync(rig, ids);
        await CheckTrialBalanceAsync(rig, entries);
    }

    private static void CheckRunningBalances(List<HistoryRig.Entry> entries, int seed)
    {
        Assert.Equal(entries.Count, entries.Select(entry => entry.Id).Distinct().Count());
        var balances = new Dictionary<(string, string, bool), long>();
        foreach (var entry in entries)
        {
            var key = (entry.Wallet, entry.Asset, entry.IsReserved);
            balances[key] = balances.GetValueOrDefault(key) + entry.Change;
            Assert.True(balances[key] == entry.After, $"seed {seed}: {entry} leaves {balances[key]}");
        }
    }

    private static async Task CheckBalancesAsync(HistoryRig rig, List<HistoryRig.Entry> entries, Dictionary<string, string> ids, Random random)
    {
        for (var i = 0; i < 60; i++)
        {
            var wallet = HistoryRig.Wallets[random.Next(HistoryRig.Wallets.Length)];
            var moment = entries[random.Next(entries.Count)];
            var sequence = moment.Sequence + (ulong)random.Next(2);
            if (sequence <= entries[^1].Sequence)
            {
                var reply = await rig.Client.GetAsync($"/v1/wallets/{wallet}/balances?sequence={sequence}");
                CheckBalances(reply, entries.Where(entry => entry.Wallet == ids[wallet] && entry.Sequence <= sequence));
                Assert.InRange(reply.Data.GetProperty("as_of").GetProperty("sequence").GetUInt64(), moment.Sequence, sequence);
            }

            var at = moment.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
            CheckBalances(await rig.Client.GetAsync($"/v1/wallets/{ids[wallet]}/balances?at={at}"), entries.Where(entry => entry.Wallet == ids[wallet] && entry.Time <= moment.Time));
        }
    }

    private static void CheckBalances(TestReply reply, IEnumerable<HistoryRig.Entry> entries)
    {
        Assert.Equal(200, reply.Status);
        var wanted = entries.GroupBy(entry => entry.Asset).Select(group =>
            (group.Key, group.Where(entry => !entry.IsReserved).Sum(entry => entry.Change), group.Where(entry => entry.IsReserved).Sum(entry => entry.Change)));
        var found = reply.Data.GetProperty("balances").EnumerateArray().Select(row =>
            (row.GetProperty("asset_code").GetString()!, long.Parse(row.GetProperty("available").GetString()!), long.Parse(row.GetProperty("reserved").GetString()!)));
        Assert.Equal(wanted.Order(), found.Order());
    }

    private static async Task CheckListsAsync(HistoryRig rig, List<HistoryRig.Entry> entries, Dictionary<string, string> ids)
    {
        foreach (var wallet in HistoryRig.Wallets)
        {
            var own = entries.Where(entry => entry.Wallet == ids[wallet]).Reverse().ToList();
            await SameIdsAsync(rig, $"/v1/wallets/{wallet}/entries?limit=37", own.Select(entry => entry.Id));
            await SameIdsAsync(rig, $"/wallets/{wallet}/transactions?limit=23", own.Select(entry => entry.Transaction).Distinct());
            var points = own.Where(entry => entry.Asset == "PTS" && entry.Type is "TRANSFER" or "CREDIT" && entry.Asset == "PTS");
            await SameIdsAsync(rig, $"/v1/wallets/{wallet}/transactions?asset=PTS&type=TRANSFER,credit&limit=11", points.Select(entry => entry.Transaction).Distinct());
            await SameIdsAsync(rig, $"/v1/ledger/entries?wallet_id={wallet}&direction=debit&account=reserved&min_amount=50&max_amount=200&asset=USD&limit=5",
                own.Where(entry => entry is { IsDebit: true, IsReserved: true, Asset: "USD", Amount: >= 50 and <= 200 }).Select(entry => entry.Id));
        }

        var all = entries.AsEnumerable().Reverse().ToList();
        await SameIdsAsync(rig, "/ledger/transactions?reference=ref-3&limit=3", all.Where(entry => entry.Reference == "ref-3").Select(entry => entry.Transaction).Distinct());
        await SameIdsAsync(rig, "/ledger/entries?reference=ref-3&limit=7", all.Where(entry => entry.Reference == "ref-3").Select(entry => entry.Id));
        await SameIdsAsync(rig, "/ledger/transactions?limit=100", all.Select(entry => entry.Transaction).Distinct());
        var (from, to) = (entries[entries.Count / 3].Time, entries[entries.Count / 2].Time);
        await SameIdsAsync(rig, $"/ledger/entries?from={from:yyyy-MM-ddTHH:mm:ss.fffZ}&to={to:yyyy-MM-ddTHH:mm:ss.fffZ}&limit=100", all.Where(entry => entry.Time >= from && entry.Time <= to).Select(entry => entry.Id));
    }

    private static async Task SameIdsAsync(HistoryRig rig, string list, IEnumerable<string> wanted) =>
        Assert.Equal(wanted, (await rig.ReadAllAsync(list)).Select(row => row.GetProperty("id").GetString()!));

    private static async Task CheckLotsAsync(HistoryRig rig, List<HistoryRig.Entry> entries, Random random)
    {
        var lots = entries.GroupBy(entry => entry.Lot).ToArray();
        random.Shuffle(lots);
        foreach (var lot in lots.Take(40))
        {
            var shown = await rig.Client.GetAsync($"/v1/lots/{lot.Key}");
            Assert.Equal("200", shown.Outcome);
            Assert.Equal((lot.First().Wallet, lot.First().Asset), (shown["wallet_id"], shown["asset_code"]));
            var (available, reserved) = (lot.Where(entry => !entry.IsReserved).Sum(entry => entry.Change), lot.Where(entry => entry.IsReserved).Sum(entry => entry.Change));
            Assert.Equal((available.ToString(), reserved.ToString()), (shown["available"], shown["reserved"]));
            await SameIdsAsync(rig, $"/v1/lots/{lot.Key}/entries?limit=50", lot.Reverse().Select(entry => entry.Id));
            if (shown["status"] != "depleted") continue;
            var cameIn = lot.Where(entry => !entry.IsDebit && entry.Type is "CREDIT" or "TRANSFER" or "RESERVATION_COMMIT" && !entry.IsDebit && !entry.IsReserved).Sum(entry => entry.Amount);
            Assert.True(cameIn == long.Parse(shown["initial_amount"]), $"{shown.Text} came to {cameIn}");
            Assert.Equal(lot.Last().Time, shown.Data.GetProperty("updated_at").GetDateTimeOffset());
        }
    }

    private static async Task CheckReservationsAsync(HistoryRig rig, Dictionary<string, string> ids)
    {
        var statuses = new[] { "PENDING", "COMMITTED", "RELEASED", "EXPIRED" };
        var singles = new Dictionary<string, JsonElement>();
        foreach (var id in rig.Reservations) singles[id] = (await rig.Client.GetAsync($"/v1/reservations/{id}")).Data;
        Assert.All(singles.Values, single => Assert.Contains(single.GetProperty("status").GetString(), statuses));
        foreach (var single in singles.Values)
        {
            var (amount, committed, released) = (Units(single, "amount"), Units(single, "committed_amount"), Units(single, "released_amount"));
            Assert.Equal(single.GetProperty("status").GetString() == "PENDING" ? 0 : amount, committed + released);
            Assert.Equal(single.GetProperty("status").GetString() == "COMMITTED", committed > 0);
        }

        foreach (var wallet in HistoryRig.Wallets)
        {
            var listed = await rig.ReadAllAsync($"/v1/wallets/{wallet}/reservations?limit=9");
            Assert.Equal(singles.Values.Where(single => single.GetProperty("wallet_id").GetString() == ids[wallet]).Select(single => single.GetRawText()).Order(), listed.Select(row => row.GetRawText()).Order());
            foreach (var status in statuses)
            {
                var wanted = listed.Where(row => row.GetProperty("status").GetString() == status).Select(row => row.GetProperty("id").GetString()!);
                await SameIdsAsync(rig, $"/v1/reservations?wallet_id={wallet}&status={status}&limit=4", wanted);
            }
        }
    }

    private static async Task CheckTrialBalanceAsync(HistoryRig rig, List<HistoryRig.Entry> entries)
    {
        var trial = await rig.Client.GetAsync("/v1/ledger/trial-balance");
        Assert.Equal(("True", "True", entries[^1].Sequence.ToString()), (trial["complete"], trial["balanced"], trial.Data.GetProperty("as_of").GetProperty("sequence").ToString()));
        foreach (var asset in trial.Data.GetProperty("assets").EnumerateArray())
        {
            var code = asset.GetProperty("asset_code").GetString();
            var turnover = entries.Where(entry => entry.Asset == code && entry.IsDebit).Sum(entry => entry.Amount);
            Assert.Equal((turnover, turnover), (Units(asset, "total_debits"), Units(asset, "total_credits")));
            Assert.Equal(0, asset.GetProperty("lines").EnumerateArray().Sum(line => Units(line, "balance")));
        }

        var one = await rig.Client.GetAsync("/ledger/trial-balance?asset=PTS");
        Assert.Equal("PTS", Assert.Single(one.Data.GetProperty("assets").EnumerateArray()).GetProperty("asset").GetString());
    }

    private static long Units(JsonElement row, string name) => long.Parse(row.GetProperty(name).GetString()!);
}
