using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Bench.Load.Wire;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Bench.Load;

/// <summary>What a thousand webhooks a second cost those who want none, and what one tenant's flood costs another; slices with and without, by turns, in one run. Receiver and clients are on the same cores.</summary>
public sealed class WebhookFigures(RunSettings settings, ResultTable table)
{
    private const int WebhooksPerSecond = 1_000;
    private const int ProbesPerSecond = 500;
    private const int HotKeys = 1 << 22;
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(120);

    public async Task RunAsync()
    {
        await using var server = await LoadedServer.StartAsync(settings.Directory, $"--hot-keys {HotKeys} --webhook-private-targets true");
        using var operators = ClientOf(server, LoadedServer.Key);
        await WebhooksAsync(server, operators);
        await FloodAsync(server, operators);
    }

    private async Task WebhooksAsync(LoadedServer server, HttpClient operators)
    {
        ResultTable.Section($"{WebhooksPerSecond} webhooks a second of another tenant, on and off by turns");
        await using var receiver = await HookReceiver.StartAsync();
        var key = await TenantAsync(operators, "hooks");
        var credited = await LoadedServer.FundAsync(server.Grpc, key, 100);
        using var owner = ClientOf(server, key);
        var hook = (await SendAsync(owner, HttpMethod.Post, "v1/webhooks", $$"""{"url":"{{receiver.Url}}","events":["wallet.credited"]}""")).GetProperty("id").GetString()!;
        using var source = new GrpcChannel(server.Grpc);
        using var probe = new GrpcChannel(server.Grpc);
        var (p99, rates, delivered) = (new List<(double Off, double On)>(), new List<(double Off, double On)>(), new List<double>());
        var (serverCpu, receiverCpu) = (new List<double>(), new List<double>());
        for (var i = 0; i <= settings.Repeats; i++)
        {
            var (late, rate, cpu, own) = (new double[2], new double[2], new double[2], new double[2]);
            foreach (var isOn in i % 2 == 0 ? new[] { false, true } : [true, false])
            {
                await SendAsync(owner, HttpMethod.Patch, $"v1/webhooks/{hook}", $$"""{"status":"{{(isOn ? "active" : "disabled")}}"}""");
                if (isOn) await CatchUpAsync(owner, hook);
                var (before, clock) = (receiver.Count, Stopwatch.StartNew());
                var (cpuBefore, ownBefore) = (server.Cpu, Environment.CpuUsage.TotalTime);
                var making = PacedCalls.RunAsync(number => CreditAsync(source, key, credited[number % credited.Length]), WebhooksPerSecond, settings.Slice);
                var probes = await PacedCalls.RunAsync(number => TransferAsync(probe, LoadedServer.Key, server.Names, number), ProbesPerSecond, settings.Slice);
                await making;
                late[isOn ? 1 : 0] = PacedCalls.Percentile(probes, 0.99);
                (cpu[isOn ? 1 : 0], own[isOn ? 1 : 0]) = ((server.Cpu - cpuBefore) / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - ownBefore).TotalSeconds / clock.Elapsed.TotalSeconds);
                if (isOn) delivered.Add((receiver.Count - before) / clock.Elapsed.TotalSeconds);
                making = PacedCalls.RunAsync(number => CreditAsync(source, key, credited[number % credited.Length]), WebhooksPerSecond, settings.Slice);
                rate[isOn ? 1 : 0] = await server.Load.TransfersAsync(settings.Slice);
                await making;
            }

            if (i == 0) continue; // the first of each warms
            p99.Add((late[0], late[1]));
            rates.Add((rate[0], rate[1]));
            serverCpu.Add((cpu[1] - cpu[0]) / WebhooksPerSecond);
            receiverCpu.Add((own[1] - own[0]) / WebhooksPerSecond);
        }

        table.Add("webhooks delivered", ResultTable.Median(delivered), "1/s", WebhooksPerSecond * 0.95);
        table.Add($"unary p99 at {ProbesPerSecond}/s, no webhooks", ResultTable.Median([.. p99.Select(pair => pair.Off)]), "ms");
        table.Add($"unary p99 at {ProbesPerSecond}/s, webhooks", ResultTable.Median([.. p99.Select(pair => pair.On)]), "ms");
        table.Add("unary p99, webhooks to none", ResultTable.Median([.. p99.Select(pair => pair.On / pair.Off)]), "ratio", 1.2, most: true);
        table.Add("processor time of a webhook, server", ResultTable.Median(serverCpu) * 1e6, "us");
        table.Add("processor time of a webhook, its receiver in the benchmark", ResultTable.Median(receiverCpu) * 1e6, "us");
        table.Add("Submit: transfers, no webhooks", ResultTable.Median([.. rates.Select(pair => pair.Off)]) / 1e6, "M/s");
        table.Add("Submit: transfers, webhooks", ResultTable.Median([.. rates.Select(pair => pair.On)]) / 1e6, "M/s");
        table.Add("Submit: transfers, webhooks to none", ResultTable.Median([.. rates.Select(pair => pair.On / pair.Off)]), "ratio", 0.9);
        await SendAsync(owner, HttpMethod.Patch, $"v1/webhooks/{hook}", """{"status":"disabled"}""");
    }

    private async Task FloodAsync(LoadedServer server, HttpClient operators)
    {
        ResultTable.Section("one tenant alone, and beside another one's flood, by turns");
        var key = await TenantAsync(operators, "quiet");
        var wallets = await LoadedServer.FundAsync(server.Grpc, key, 100);
        using var probe = new GrpcChannel(server.Grpc);
        var p99 = new List<(double Alone, double Beside)>();
        for (var i = 0; i <= settings.Repeats; i++)
        {
            var alone = await PacedCalls.RunAsync(number => TransferAsync(probe, key, wallets, number), ProbesPerSecond, settings.Slice);
            var flood = server.Load.TransfersAsync(settings.Slice);
            var beside = await PacedCalls.RunAsync(number => TransferAsync(probe, key, wallets, number), ProbesPerSecond, settings.Slice * 0.8);
            await flood;
            if (i > 0) p99.Add((PacedCalls.Percentile(alone, 0.99), PacedCalls.Percentile(beside, 0.99)));
        }

        table.Add($"unary p99 at {ProbesPerSecond}/s, alone", ResultTable.Median([.. p99.Select(pair => pair.Alone)]), "ms");
        table.Add($"unary p99 at {ProbesPerSecond}/s, beside a flood", ResultTable.Median([.. p99.Select(pair => pair.Beside)]), "ms");
        table.Add("unary p99, beside a flood to alone", ResultTable.Median([.. p99.Select(pair => pair.Beside / pair.Alone)]), "ratio", 2, most: true);
    }

    /// <summary>Waits until the webhook has looked at everything: then a slice begins.</summary>
    private static async Task CatchUpAsync(HttpClient owner, string hook)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var newest = (await SendAsync(owner, HttpMethod.Get, "v1/events?limit=1", null)).GetProperty("data")[0].GetProperty("sequence").GetString()!;
            var state = await SendAsync(owner, HttpMethod.Get, $"v1/webhooks/{hook}", null);
            if (ulong.Parse(state.GetProperty("next_sequence").GetString().AsSpan(4)) > ulong.Parse(newest.AsSpan(4)) && state.GetProperty("pending").GetInt32() == 0) return;
            if (clock.Elapsed > CatchUpMax) throw new TimeoutException($"the webhook does not catch up with {newest}: {state}");
            await Task.Delay(50);
        }
    }

    private static Task CreditAsync(GrpcChannel channel, string key, string wallet) =>
        channel.UnaryAsync("/phoenix.v1.Ledger/CreateCredit", new CreateCreditRequest { Wallet = wallet, Amount = new Amount { Units = 1, Asset = "USD" } }, Transaction.Parser, OptionsOf(key));

    private static Task TransferAsync(GrpcChannel channel, string key, string[] wallets, int number) => channel.UnaryAsync(
        "/phoenix.v1.Ledger/CreateTransfer",
        new CreateTransferRequest { FromWallet = wallets[number % wallets.Length], ToWallet = wallets[(number + 1) % wallets.Length], Amount = new Amount { Units = 1, Asset = "USD" } },
        Transaction.Parser,
        OptionsOf(key));

    private static CallOptions OptionsOf(string key) => new() { Metadata = new GrpcMetadata { { "authorization", "Bearer " + key } } };

    private static HttpClient ClientOf(LoadedServer server, string key)
    {
        var http = new HttpClient { BaseAddress = server.Rest };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task<string> TenantAsync(HttpClient operators, string name)
    {
        await SendAsync(operators, HttpMethod.Post, "v1/tenants", $$"""{"id":"{{name}}"}""");
        return (await SendAsync(operators, HttpMethod.Post, $"v1/tenants/{name}/keys", """{"scopes":["wallets:read","wallets:write"]}""")).GetProperty("api_key").GetString()!;
    }

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
