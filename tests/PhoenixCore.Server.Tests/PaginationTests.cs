using System.Text;

namespace PhoenixCore.Server.Tests;

public class PaginationTests
{
    [Theory]
    [InlineData("/wallets?", 26, "external_id")]
    [InlineData("/v1/assets?", 26, "code")]
    [InlineData("/wallets/many/lots?", 50, "id")]
    public async Task Pages_show_every_row_once_and_in_one_order(string list, int rows, string member)
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("many", "USD", 0);
        for (var i = 0; i < 25; i++)
        {
            await server.Client.PostAsync("/assets", $$"""{"code":"A{{i}}","name":"a","scale":2}""");
            if (i < 24) await server.Client.WalletAsync($"w{i}", "USD", 0);
            foreach (var asset in new[] { "USD", "A0" }) await server.Client.PostAsync("/credits", $$"""{"wallet_id":"many","amount":1,"asset":"{{asset}}"}""");
        }

        var whole = await ReadAsync(server.Client, list, 100, member);
        Assert.Equal(rows, whole.Count);
        Assert.Equal(rows, whole.Distinct().Count());
        foreach (var limit in new[] { 1, 7, rows, 1_000 }) Assert.Equal(whole, await ReadAsync(server.Client, list, limit, member));
        if (list.Contains("wallets?")) Assert.Equal(5 + rows - 1, (await ReadAsync(server.Client, list + "include_system=true&", 100, member)).Count);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("limit=1&limit=2")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=e30%3D")]
    [InlineData("include_system=maybe")]
    public async Task A_bad_limit_or_cursor_is_refused(string query)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("400 VALIDATION_ERROR", (await server.Client.GetAsync($"/wallets?{query}")).Outcome);
    }

    [Fact]
    public async Task A_cursor_is_base64_of_an_object_with_the_last_id()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 3; i++) await server.Client.WalletAsync($"w{i}", "USD", 0);
        var page = await server.Client.GetAsync("/wallets?limit=2");
        var last = page.Json.GetProperty("data")[1].GetProperty("id").GetString();
        var cursor = page.Json.GetProperty("pagination").GetProperty("next_cursor").GetString()!;
        Assert.Equal($$"""{"id":"{{last}}"}""", Encoding.UTF8.GetString(Convert.FromBase64String(cursor)));
    }

    private static async Task<List<string>> ReadAsync(TestClient client, string list, int limit, string member)
    {
        var found = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await client.GetAsync($"{list}limit={limit}{cursor}");
            Assert.Equal("200", page.Outcome);
            found.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(row => row.GetProperty(member).GetString()!));
            var pagination = page.Json.GetProperty("pagination");
            if (!pagination.GetProperty("has_more").GetBoolean()) return found;
            cursor = "&cursor=" + Uri.EscapeDataString(pagination.GetProperty("next_cursor").GetString()!);
        }
    }
}
