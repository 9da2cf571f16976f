using System.Text.Json;

namespace PhoenixCore.Server.Tests;

public sealed class EventTests
{
    [Fact]
    public async Task A_bet_makes_the_events_that_the_law_says_in_their_order()
    {
        await using var server = await TestServer.StartAsync();
        var ann = await server.Client.WalletAsync("ann", "USD", 10_000);
        var held = await server.Client.PostAsync("/v1/reservations", """{"wallet_id":"ann","amount":2500,"asset":"USD","reference":"bet-1"}""");
        var settled = await server.Client.PostAsync($"/v1/reservations/{held["id"]}/commit", """{"to_wallet_id":"house_wallet"}""");
        var events = await AllAsync(server);

        Assert.Equal(
            ["wallet.created", "asset.created", "lot.created", "wallet.credited", "reservation.created", "lot.created", "wallet.debited", "wallet.credited", "reservation.committed"],
            events.Select(made => made.GetProperty("type").GetString()));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => $"seq_{i:D12}"), events.Select(made => made.GetProperty("sequence").GetString()));
        var credited = events[3];
        Assert.Equal((ann, "10000", "10000"), (Text(credited, "wallet_id"), Text(credited.GetProperty("data"), "amount"), Text(credited.GetProperty("data"), "balance_after")));
        var debited = events[6].GetProperty("data");
        Assert.Equal((held["id"], settled["transfer_id"], "reserved", "0"), (Text(debited, "reservation_id"), Text(debited, "transfer_id"), Text(debited, "account"), Text(debited, "balance_after")));
        Assert.Equal("default", Text(events[8], "tenant_id"));
        Assert.StartsWith("evt_", Text(events[8], "id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_and_given_back_says_what_the_wallet_has_then()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 10_000);
        var held = (await client.PostAsync("/v1/reservations", """{"wallet_id":"ann","amount":1000,"asset":"USD"}"""))["id"];
        await client.PostAsync($"/v1/reservations/{held}/increment", """{"amount":500}""");
        await client.PostAsync($"/v1/reservations/{held}/commit", """{"amount":200,"final":false}""");
        await client.PostAsync($"/v1/reservations/{held}/release", """{"amount":100}""");
        await client.PostAsync($"/v1/reservations/{held}/commit", """{"amount":700}""");
        var sent = await client.PostAsync("/v1/transfers", """{"from_wallet_id":"ann","to_wallet_id":"house_wallet","amount":100,"asset":"USD"}""");
        await client.PostAsync($"/v1/transfers/{sent["id"]}/reverse", """{"amount":40}""");
        var credit = (await client.GetAsync("/v1/credits")).Data[0].GetProperty("id").GetString();
        await client.PostAsync($"/v1/credits/{credit}/reverse", """{"amount":1}""");

        var seen = (await AllAsync(server)).Select(made => (Type: Text(made, "type"), Data: made.GetProperty("data")))
            .Where(made => made.Type.StartsWith("reservation.", StringComparison.Ordinal) || made.Type.EndsWith(".reversed", StringComparison.Ordinal))
            .Select(made => $"{made.Type} {After(made.Data, "reserved_after")} {After(made.Data, "balance_after")}");
        Assert.Equal(
            [
                "reservation.created 1000 9000", "reservation.incremented 1500 8500", "reservation.partially_committed 1300 -", "reservation.partially_released 1200 8600",
                "reservation.committed 0 9100", "transfer.reversed - 60", "credit.reversed - 9039",
            ],
            seen);
    }

    [Theory]
    [InlineData("/v1/events?wallet_id=")]
    [InlineData("/v1/events/stream?wallet_id=")]
    public async Task A_wallet_that_does_not_exist_is_404_however_long_its_name_is(string place)
    {
        await using var server = await TestServer.StartAsync();
        foreach (var length in new[] { 255, 256, 2_000 })
        {
            var reply = await server.Client.GetAsync(place + new string('x', length));
            Assert.Equal("404 WALLET_NOT_FOUND", $"{reply.Status} {reply.Code}");
        }
    }

    [Fact]
    public async Task Newest_come_first_without_a_sequence_and_pages_join_up()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 30; i++) await server.Client.WalletAsync($"w{i}", "USD", 10);
        var down = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await server.Client.GetAsync("/events?limit=7" + cursor);
            down.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(made => Text(made, "sequence")));
            if (!page.Json.GetProperty("pagination").GetProperty("has_more").GetBoolean()) break;
            cursor = "&cursor=" + Uri.EscapeDataString(page.Json.GetProperty("pagination").GetProperty("next_cursor").GetString()!);
        }

        down.Reverse();
        Assert.Equal((await AllAsync(server)).Select(made => Text(made, "sequence")), down);
        var wallets = await server.Client.GetAsync("/events?types=wallet.created&limit=100");
        Assert.Equal(30, wallets.Json.GetProperty("data").GetArrayLength());
        var one = await server.Client.GetAsync("/events?wallet_id=w3&from_sequence=1");
        Assert.Equal(["wallet.created", "lot.created", "wallet.credited"], one.Json.GetProperty("data").EnumerateArray().Select(made => Text(made, "type")));
        Assert.Equal(400, (await server.Client.GetAsync("/events?types=nothing")).Status);
        Assert.Equal(400, (await server.Client.GetAsync("/events?from_sequence=x")).Status);
        Assert.Equal(404, (await server.Client.GetAsync("/events?wallet_id=nobody")).Status);
    }

    [Fact]
    public async Task A_stream_goes_on_behind_the_last_event_that_its_consumer_saw_also_after_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("ann", "USD", 100);
        string last;
        await using (var stream = await EventStreamReader.OpenAsync(server.Server.RestAddress, "/events/stream?from_sequence=1"))
        {
            Assert.Equal("text/event-stream", stream.ContentType);
            var first = await stream.NextAsync();
            Assert.Equal(("wallet.created", "seq_000000000001"), (first.Type, first.Id));
            last = (await stream.NextAsync()).Id;
        }

        await server.RestartAsync();
        await using var again = await EventStreamReader.OpenAsync(server.Server.RestAddress, "/v1/events/stream?from_sequence=1", lastEventId: last);
        Assert.Equal("seq_000000000003", (await again.NextAsync()).Id);
        await using var exact = await EventStreamReader.OpenAsync(server.Server.RestAddress, $"/v1/events/stream?from_sequence={last}");
        Assert.Equal(last, (await exact.NextAsync()).Id);
    }

    [Fact]
    public async Task A_stream_without_a_place_shows_only_what_happens_from_now_on_and_only_what_was_asked_for()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("ann", "USD", 100);
        await using var stream = await EventStreamReader.OpenAsync(server.Server.RestAddress, "/events/stream?types=wallet.debited,wallet.frozen&wallet_id=ann");
        await server.Client.WalletAsync("bob", "USD", 100);
        await server.Client.PostAsync("/debits", """{"wallet_id":"bob","amount":1,"asset":"USD"}""");
        await server.Client.PostAsync("/debits", """{"wallet_id":"ann","amount":30,"asset":"USD"}""");
        await server.Client.PostAsync("/wallets/ann/freeze", "{}");
        var debited = await stream.NextAsync();
        Assert.Equal(("wallet.debited", "0.70"), (debited.Type, Text(debited.Data.GetProperty("data"), "balance_after")));
        Assert.Equal("wallet.frozen", (await stream.NextAsync()).Type);
    }

    [Fact]
    public async Task Many_writers_make_one_stream_without_gaps()
    {
        await using var server = await TestServer.StartAsync();
        await using var stream = await EventStreamReader.OpenAsync(server.Server.RestAddress, "/events/stream?from_sequence=1");
        var rig = new HistoryRig(server, seed: 11);
        await rig.PrepareAsync();
        await rig.RunAsync(600);
        var events = await AllAsync(server);
        foreach (var wanted in events)
        {
            var got = await stream.NextAsync();
            Assert.Equal((Text(wanted, "sequence"), Text(wanted, "type"), Text(wanted, "id")), (got.Id, got.Type, Text(got.Data, "id")));
        }
    }

    private static async Task<List<JsonElement>> AllAsync(TestServer server)
    {
        var rows = new List<JsonElement>();
        for (var from = 1; ; from = rows.Count + 1)
        {
            var page = await server.Client.GetAsync($"/v1/events?limit=100&from_sequence={from}");
            Assert.Equal(200, page.Status);
            rows.AddRange(page.Json.GetProperty("data").EnumerateArray());
            if (!page.Json.GetProperty("pagination").GetProperty("has_more").GetBoolean()) return rows;
        }
    }

    private static string Text(JsonElement from, string name) => from.GetProperty(name).GetString()!;

    private static string After(JsonElement data, string name) => data.TryGetProperty(name, out var value) ? value.GetString()! : "-";
}
