using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace PhoenixCore.Faults.Tests;

/// <summary>Credits and transfers over REST, and what became of each key over any number of ends of the server.</summary>
internal sealed class RestLoad
{
    private const int Wallets = 4;
    private const int AmountMax = 500;

    /// <summary>Nothing was done, and nothing is remembered under the key: too few copies are there for a moment, say.</summary>
    private const int NotNow = 503;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private readonly ConcurrentDictionary<string, Request> _sent = [];
    private readonly ConcurrentDictionary<string, (int Status, string Body)> _answers = [];
    private readonly string[] _wallets = new string[Wallets];

    public int Answers => _answers.Count;

    public long Compared { get; private set; }

    /// <summary>Bodies of the answers that accepted something.</summary>
    public IEnumerable<string> Accepted => _answers.Values.Where(answer => answer.Status == 201).Select(answer => answer.Body);

    public async Task MakeWalletsAsync(ServerProcess server)
    {
        for (var wallet = 0; wallet < Wallets; wallet++)
        {
            var made = await server.PostAsync("wallets", $"wallet-{wallet}", $$"""{"external_id":"player-{{wallet}}"}""");
            Assert.Equal(201, made!.Value.Status);
            using var json = JsonDocument.Parse(made.Value.Body);
            _wallets[wallet] = json.RootElement.GetProperty("data").GetProperty("id").GetString()!;
        }
    }

    /// <summary>Sends until the server has gone or the load is ended.</summary>
    public Task RunAsync(ServerProcess server, int round, int clients, CancellationToken end = default) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunClientAsync(server, round, client, end), CancellationToken.None)));

    /// <summary>Sends everything once more: what was answered has to be answered the same, what was not is settled now. Then the balances have to be those of the accepted ones.</summary>
    /// <param name="round">Only what was sent in it; null = in any. All others must have been settled before.</param>
    public async Task AuditAsync(ServerProcess server, int? round = null)
    {
        foreach (var batch in _sent.Where(pair => round is null || pair.Value.Round == round).Chunk(64))
        {
            await Task.WhenAll(batch.Select(async pair =>
            {
                var answer = (await server.PostAsync(pair.Value.Path, pair.Key, pair.Value.Body))!.Value;
                Assert.NotEqual(NotNow, answer.Status);
                Assert.Equal(_answers.GetOrAdd(pair.Key, answer), answer);
            }));
        }

        Compared += round is null ? _answers.Count : _sent.Count(pair => pair.Value.Round == round);
        for (var wallet = 0; wallet < Wallets; wallet++)
        {
            var expected = _sent.Where(pair => _answers[pair.Key].Status == 201).Sum(pair => (pair.Value.To == wallet ? pair.Value.Amount : 0) - (pair.Value.From == wallet ? pair.Value.Amount : 0));
            Assert.Equal(expected, await BalanceAsync(server, _wallets[wallet]));
        }
    }

    /// <summary>Smallest units; 0 also for a wallet that has never had any.</summary>
    private static async Task<long> BalanceAsync(ServerProcess server, string wallet)
    {
        using var json = JsonDocument.Parse(await server.GetAsync($"wallets/{wallet}/balances"));
        var balances = json.RootElement.GetProperty("data").GetProperty("balances").EnumerateArray().Where(balance => balance.GetProperty("asset").GetString() == "USD");
        return balances.Sum(balance => long.Parse(balance.GetProperty("available_minor").GetString()!, CultureInfo.InvariantCulture));
    }

    private async Task RunClientAsync(ServerProcess server, int round, int client, CancellationToken end)
    {
        var random = new Random(unchecked((TestSize.Seed * 7_919) + (round * 31) + client));
        for (var number = 0; !end.IsCancellationRequested; number++)
        {
            var (from, to, amount) = (random.Next(-2, Wallets), random.Next(Wallets), random.Next(1, AmountMax));
            if (from == to || from < 0) from = -1;
            var request = from < 0
                ? new Request("credits", $$"""{"wallet_id":"{{_wallets[to]}}","asset":"USD","amount":{{amount}}}""", from, to, amount, round)
                : new Request("transfers", $$"""{"from_wallet_id":"{{_wallets[from]}}","to_wallet_id":"{{_wallets[to]}}","asset":"USD","amount":{{amount}}}""", from, to, amount, round);
            var key = string.Create(CultureInfo.InvariantCulture, $"{round}-{client}-{number}");
            Assert.True(_sent.TryAdd(key, request));
            if (await server.PostAsync(request.Path, key, request.Body) is not { } answer) return;
            if (answer.Status == NotNow) await Task.Delay(Pause, CancellationToken.None);
            else _answers[key] = answer;
        }
    }

    /// <param name="From">Place of the wallet that pays; −1 = a credit.</param>
    private sealed record Request(string Path, string Body, int From, int To, long Amount, int Round);
}
