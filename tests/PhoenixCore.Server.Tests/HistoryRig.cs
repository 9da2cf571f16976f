using System.Globalization;
using System.Text.Json;

namespace PhoenixCore.Server.Tests;

/// <summary>Random betting traffic over a few wallets, and the whole list of entries that it left.</summary>
internal sealed class HistoryRig(TestServer server, int seed)
{
    public static readonly string[] Wallets = ["ann", "bob", "cat", "dan", "house_wallet"];
    public static readonly string[] Assets = ["USD", "PTS"];
    private static readonly int[] Lives = [1, 900];
    private readonly Lock _lock = new();
    private readonly List<string> _open = [];

    public TestClient Client => server.Client;

    public List<string> Reservations { get; } = [];

    public async Task PrepareAsync()
    {
        await Client.PostAsync("/v1/assets", """{"code":"PTS","name":"points","scale":0}""");
        foreach (var wallet in Wallets[..^1]) await Client.WalletAsync(wallet, "USD", 0);
        foreach (var wallet in Wallets)
        {
            foreach (var asset in Assets) await SendAsync("/credits", $$"""{"wallet_id":"{{wallet}}","amount":100000,"asset":"{{asset}}","reference":"opening"}""");
        }
    }

    /// <summary>Many callers at once; refusals are part of the traffic.</summary>
    public Task RunAsync(int operations, int callers = 8) => Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
    {
        var random = new Random(HashCode.Combine(seed, caller, operations));
        for (var i = 0; i < operations / callers; i++) await StepAsync(random);
    }));

    /// <summary>All entries of the tenant, oldest first.</summary>
    public async Task<List<Entry>> EntriesAsync()
    {
        var rows = await ReadAllAsync("/v1/ledger/entries?limit=100");
        rows.Reverse();
        return rows.ConvertAll(Entry.Of);
    }

    /// <summary>Every row of a list, page by page.</summary>
    public async Task<List<JsonElement>> ReadAllAsync(string list)
    {
        var rows = new List<JsonElement>();
        for (var cursor = ""; ;)
        {
            var page = await Client.GetAsync(list + cursor);
            Assert.True(page.Status == 200, $"{list}{cursor}: {page.Text}");
            rows.AddRange(page.Json.GetProperty("data").EnumerateArray());
            var pagination = page.Json.GetProperty("pagination");
            if (!pagination.GetProperty("has_more").GetBoolean()) return rows;
            cursor = "&cursor=" + Uri.EscapeDataString(pagination.GetProperty("next_cursor").GetString()!);
        }
    }

    /// <summary>Waits until every sealed segment has its side index.</summary>
    public async Task IndexedAsync()
    {
        for (var i = 0; i < 500; i++)
        {
            var files = Directory.GetFiles(server.DataDirectory, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToHashSet();
            var used = files.Where(file => file!.EndsWith(".segment", StringComparison.Ordinal)).Select(file => file![..12]).Order().ToArray();
            if (used.Length > 0 && files.Contains(used[0] + ".index")) return;
            await Task.Delay(20);
        }

        Assert.Fail("no side index was built");
    }

    private async Task StepAsync(Random random)
    {
        var (from, to) = (Wallets[random.Next(Wallets.Length)], Wallets[random.Next(Wallets.Length)]);
        var (asset, amount) = (Assets[random.Next(Assets.Length)], random.Next(1, 400));
        switch (random.Next(8))
        {
            case 0:
                await SendAsync("/credits", $$"""{"wallet_id":"{{from}}","amount":{{amount}},"asset":"{{asset}}","lot":{"attributes":{"n":"{{amount % 3}}"} } }""");
                break;
            case 1:
                await SendAsync("/transfers", $$"""{"from_wallet_id":"{{from}}","to_wallet_id":"{{to}}","amount":{{amount}},"asset":"{{asset}}","reference":"ref-{{amount % 5}}"}""");
                break;
            case 2:
                await SendAsync("/debits", $$"""{"wallet_id":"{{from}}","amount":{{amount}},"asset":"{{asset}}"}""");
                break;
            case 3:
                await SendAsync("/batches", $$"""{"operations":[{"type":"transfer","from_wallet_id":"{{from}}","to_wallet_id":"{{to}}","amount":{{amount}},"asset":"{{asset}}"},{"type":"credit","wallet_id":"{{to}}","amount":3,"asset":"PTS"},{"type":"debit","wallet_id":"{{from}}","amount":1,"asset":"{{asset}}"}]}""");
                break;
            case 4:
                await EndAsync(random, to);
                break;
            default:
                await ReserveAsync(from, asset, amount, Lives[random.Next(Lives.Length)]);
                if (random.Next(3) > 0) await EndAsync(random, to);
                break;
        }
    }

    private async Task ReserveAsync(string wallet, string asset, int amount, int seconds)
    {
        var reply = await SendAsync("/reservations", $$"""{"wallet_id":"{{wallet}}","amount":{{amount}},"asset":"{{asset}}","expires_in":{{seconds}}}""");
        if (reply.Status != 201) return;
        lock (_lock)
        {
            _open.Add(reply["id"]);
            Reservations.Add(reply["id"]);
        }
    }

    private async Task EndAsync(Random random, string to)
    {
        string id;
        lock (_lock)
        {
            if (_open.Count == 0) return;
            var at = random.Next(_open.Count);
            id = _open[at];
            _open.RemoveAt(at);
        }

        if (random.Next(3) == 0) await SendAsync($"/reservations/{id}/release", "{}");
        else await SendAsync($"/reservations/{id}/commit", random.Next(2) == 0 ? """{"amount":1}""" : $$"""{"to_wallet_id":"{{to}}"}""");
    }

    private Task<TestReply> SendAsync(string path, string body) => Client.PostAsync("/v1" + path, body, key: "");

    /// <summary>A ledger entry as the API shows it.</summary>
    public sealed record Entry(string Id, string Transaction, string Wallet, string Lot, string Asset, long Amount, bool IsDebit, bool IsReserved, long After, ulong Sequence, DateTimeOffset Time, string Type, string? Reference)
    {
        public static Entry Of(JsonElement row) => new(
            Text(row, "id"), Text(row, "transaction_id"), Text(row, "wallet_id"), Text(row, "lot_id"), Text(row, "asset_code"), long.Parse(Text(row, "amount"), CultureInfo.InvariantCulture),
            Text(row, "direction") == "DEBIT", Text(row, "account") == "reserved", long.Parse(Text(row, "balance_after"), CultureInfo.InvariantCulture),
            row.GetProperty("sequence").GetUInt64(), row.GetProperty("created_at").GetDateTimeOffset(), Text(row, "type"), row.GetProperty("reference").GetString());

        public long Change => IsDebit ? -Amount : Amount;

        private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
    }
}
