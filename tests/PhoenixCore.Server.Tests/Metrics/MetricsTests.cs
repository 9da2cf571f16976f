using System.Text.RegularExpressions;
using PhoenixCore.Server.Metrics;
using PhoenixCore.Server.Tests.Webhooks;

namespace PhoenixCore.Server.Tests.Metrics;

/// <summary>What <c>/metrics</c> says is what a scripted run did, and a strict reader takes it.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_are_what_a_scripted_run_did()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var before = await ScrapeAsync(client);
        var poor = await client.WalletAsync("poor", "USD", 0);
        var rich = await client.WalletAsync("rich", "USD", 10_000);
        for (var i = 0; i < 7; i++) Assert.Equal(201, (await client.PostAsync("/v1/transfers", $$"""{"from_wallet_id":"{{rich}}","to_wallet_id":"{{poor}}","amount":"10","asset":"USD"}""", key: $"t{i}")).Status);
        for (var i = 0; i < 3; i++) Assert.True((await client.PostAsync("/v1/transfers", $$"""{"from_wallet_id":"{{rich}}","to_wallet_id":"{{poor}}","amount":"10","asset":"USD"}""", key: "t0")).IsReplay);
        for (var i = 0; i < 4; i++) Assert.Equal("400 INSUFFICIENT_BALANCE", (await client.PostAsync("/v1/debits", $$"""{"wallet_id":"{{poor}}","amount":"999999","asset":"USD"}""")).Outcome);
        Assert.Equal("200", (await client.GetAsync("/v1/ledger/trial-balance")).Outcome);
        using var stranger = server.ClientWith("phx_a_stranger_without_any_key");
        Assert.Equal(401, (await stranger.GetAsync("/v1/wallets")).Status);
        var after = await ScrapeAsync(client);

        double Grown(string name, params string[] labels) => after[name, labels] - (before.Find(name, labels) ?? 0);
        Assert.Equal(7, Grown("phoenix_commands_total", "shard=0", "command=create_transfer", "result=accepted"));
        Assert.Equal(3, Grown("phoenix_commands_total", "shard=0", "command=create_transfer", "result=replayed"));
        Assert.Equal(4, Grown("phoenix_commands_total", "shard=0", "command=create_debit", "result=insufficient_balance"));
        Assert.Equal(2, Grown("phoenix_commands_total", "shard=0", "command=create_wallet", "result=accepted"));
        Assert.Equal(1, Grown("phoenix_commands_total", "shard=0", "command=create_credit", "result=accepted"));
        Assert.Equal(2, Grown("phoenix_wallets", "shard=0"));
        Assert.Equal(1, Grown("phoenix_audits_total"));
        Assert.Equal(0, Grown("phoenix_audit_failures_total"));
        Assert.Equal(1, Grown("phoenix_gate_refused_total", "reason=unauthorized"));
        Assert.Equal(1, after["phoenix_tenants"]);
        Assert.Equal(1, after["phoenix_shard_role", "shard=0"]);
        Assert.Equal(1, after["phoenix_recovery_progress_ratio", "shard=0"]);
        Assert.Equal(0, after["phoenix_journal_checksum_failures_total", "shard=0"]);

        // A fact each for what was accepted, for refusals that a key remembers, and for the currency that had to exist first.
        var sequence = server.Server.Shard.Cursors.Committed;
        foreach (var cursor in new[] { "appended", "durable", "committed", "answered" }) Assert.Equal(sequence, after["phoenix_journal_sequence", "shard=0", $"cursor={cursor}"]);
        Assert.Equal(Grown("phoenix_journal_sequence", "shard=0", "cursor=durable"), Grown("phoenix_journal_group_records_sum", "shard=0"));
        Assert.True(Grown("phoenix_journal_group_records_count", "shard=0") <= Grown("phoenix_journal_flush_duration_seconds_count", "shard=0"));
        Assert.Equal(Grown("phoenix_journal_group_records_count", "shard=0"), Grown("phoenix_command_duration_seconds_count", "shard=0", "stage=flush"));
        Assert.True(Grown("phoenix_journal_bytes_total", "shard=0") >= 4_096 * Grown("phoenix_journal_group_records_count", "shard=0"));
        Assert.True(Grown("phoenix_command_duration_seconds_count", "shard=0", "stage=answer") >= 7 + 4 + 2 + 1);
        var decided = after.Families["phoenix_commands_total"].Samples.Sum(sample => sample.Value);
        Assert.Equal(decided, after["phoenix_command_duration_seconds_count", "shard=0", "stage=apply"]);
        Assert.InRange(after["phoenix_command_duration_seconds_count", "shard=0", "stage=queue"], Math.Floor(decided / 64), Math.Ceiling(decided / 64));
    }

    [Fact]
    public async Task Streams_and_webhooks_are_counted()
    {
        await using var server = await TestServer.StartAsync(change: settings => settings with { WebhookPrivateTargets = true });
        await using var receiver = await Receiver.StartAsync();
        Assert.Equal(201, (await server.Client.PostAsync("/webhooks", $$"""{"url":"{{receiver.Url}}","events":["wallet.created"]}""")).Status);
        await using (await EventStreamReader.OpenAsync(server.Server.RestAddress, "/v1/events/stream"))
        {
            await server.Client.WalletAsync("seen", "USD", 0);
            await EventuallyAsync(server.Client, "phoenix_webhook_attempts_total", 1, "outcome=delivered");
            Assert.Equal(1, (await ScrapeAsync(server.Client))["phoenix_event_subscribers", "front=rest"]);
        }

        await EventuallyAsync(server.Client, "phoenix_event_subscribers", 0, "front=rest");
        await EventuallyAsync(server.Client, "phoenix_webhook_backlog", 0);
        Assert.Equal(1, (await ScrapeAsync(server.Client))["phoenix_webhook_endpoints"]);
    }

    [Fact]
    public async Task A_snapshot_and_a_start_from_it_are_told()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("ann", "USD", 500);
        Assert.Null((await ScrapeAsync(server.Client)).Find("phoenix_snapshot_last_sequence", "shard=0"));
        Assert.Equal(201, (await server.Client.PostAsync("/snapshots")).Status);
        var taken = await ScrapeAsync(server.Client);
        Assert.Equal((1, 0), (taken["phoenix_snapshots_total", "shard=0"], taken["phoenix_snapshot_failures_total", "shard=0"]));
        var sequence = taken["phoenix_snapshot_last_sequence", "shard=0"];
        Assert.Equal(server.Server.Shard.Snapshots.Last!.Sequence, sequence);
        await server.RestartAsync();
        var restarted = await ScrapeAsync(server.Client);
        Assert.Equal(sequence, restarted["phoenix_snapshot_last_sequence", "shard=0"]);
        Assert.Equal(server.Server.Shard.Recovery.VisitedRecords, restarted["phoenix_recovery_records_total", "shard=0"]);
        Assert.Equal(taken["phoenix_shard_epoch", "shard=0"] + 1, restarted["phoenix_shard_epoch", "shard=0"]);
    }

    [Fact]
    public async Task This_machine_needs_no_key_and_what_a_proxy_brings_needs_an_operator_s()
    {
        await using var server = await TestServer.StartAsync();
        using var anybody = server.ClientWith(null);
        using var reader = server.ClientWith(await Tenancy.TenantRig.KeyAsync(server, "default", "wallets:read"));
        var reply = await anybody.GetAsync("/metrics");
        Assert.Equal((200, PrometheusText.ContentType), (reply.Status, reply.Headers["Content-Type"]));
        foreach (var header in new[] { "Forwarded", "X-Forwarded-For", "X-Real-IP", "Via" })
        {
            Assert.Equal("401 UNAUTHORIZED", (await anybody.SendAsync(HttpMethod.Get, "/metrics", null, null, headers: (header, "1.2.3.4"))).Outcome);
            Assert.Equal("403 FORBIDDEN", (await reader.SendAsync(HttpMethod.Get, "/metrics", null, null, headers: (header, "1.2.3.4"))).Outcome);
            Assert.Equal(200, (await server.Client.SendAsync(HttpMethod.Get, "/metrics", null, null, headers: (header, "1.2.3.4"))).Status);
        }

        Assert.Equal("405 METHOD_NOT_ALLOWED", (await anybody.PostAsync("/metrics", "{}")).Outcome);
    }

    [Fact]
    public async Task Nothing_that_callers_choose_becomes_a_label()
    {
        await using var server = await TestServer.StartAsync();
        using var tenant = await Tenancy.TenantRig.TenantAsync(server, "secretive-tenant");
        await server.Client.WalletAsync("a-very-private-wallet", "USD", 123_456_789);
        var text = (await server.Client.GetAsync("/metrics")).Text;
        foreach (var secret in new[] { "secretive", "private", "123456789", "USD", TestServer.GivenKey }) Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_handbook_lists_every_metric_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        var scraped = await ScrapeAsync(server.Client);
        var handbook = await File.ReadAllTextAsync(Handbook.Path);
        var listed = Row().Matches(handbook).Select(row => (Name: row.Groups[1].Value, Type: row.Groups[2].Value)).ToArray();
        Assert.Equal(scraped.Families.Values.Select(family => (family.Name, family.Type!)).Order(), listed.Order());
    }

    [Fact]
    public void Awkward_texts_are_escaped()
    {
        var family = new NumberFamily("odd_total", MetricKind.Counter, "Back\\slash and\nnew \"line\".", ["what"], () => [new(1, "a\"b\\c\nd"), new(2.5, "")]);
        using var board = new MeterBoard([family]);
        var text = board.Scrape();
        Assert.Equal("# HELP odd_total Back\\\\slash and\\nnew \"line\".\n# TYPE odd_total counter\nodd_total{what=\"a\\\"b\\\\c\\nd\"} 1\nodd_total{what=\"\"} 2.5\n", text);
        Assert.Equal(1, PrometheusParser.Parse(text)["odd_total", "what=a\"b\\c\nd"]);
    }

    internal static async Task<PrometheusParser> ScrapeAsync(TestClient client) => PrometheusParser.Parse((await client.GetAsync("/metrics")).Text);

    private static async Task EventuallyAsync(TestClient client, string name, double value, params string[] labels)
    {
        var seen = double.NaN;
        for (var tries = 0; tries < 500 && seen != value; tries++)
        {
            seen = (await ScrapeAsync(client))[name, labels];
            if (seen != value) await Task.Delay(20);
        }

        Assert.Equal(value, seen);
    }

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (counter|gauge|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
