namespace PhoenixCore.Server.Tests.Webhooks;

/// <summary>The same request under the same key, many times at once.</summary>
public class RepetitionTests
{
    private const int AtOnce = 24;

    [Fact]
    public async Task At_once_under_one_key_one_webhook_is_made_and_its_secret_shown_once()
    {
        await using var server = await TestServer.StartAsync();
        var made = await ManyAsync(() => server.Client.PostAsync("/webhooks", """{"url":"https://localhost:9/hook","events":["*"],"wallet_id":"house_wallet"}""", "one key"));
        Assert.Equal([201], made.Select(reply => reply.Status).Distinct());
        var id = Assert.Single(made.Select(reply => reply["id"]).Distinct());
        Assert.Equal((1, AtOnce - 1), (made.Count(HasSecret), made.Count(reply => reply.IsReplay)));
        Assert.Single((await server.Client.GetAsync("/webhooks")).Json.GetProperty("data").EnumerateArray());
        Assert.Equal("409 IDEMPOTENCY_CONFLICT", (await server.Client.PostAsync("/webhooks", """{"url":"https://localhost:9/other","events":["*"]}""", "one key")).Outcome);

        var rotated = await ManyAsync(() => server.Client.PostAsync($"/webhooks/{id}/rotate-secret", "{}", "another key"));
        Assert.Equal([200], rotated.Select(reply => reply.Status).Distinct());
        Assert.Equal(1, rotated.Count(HasSecret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task A_deletion_is_repeated_under_its_key_also_after_a_restart_and_is_no_answer_to_another(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        async Task<string> MadeAsync() => (await server.Client.PostAsync("/webhooks", """{"url":"https://localhost:9/hook","events":["*"]}"""))["id"];
        Task<TestReply> DeleteAsync(string webhook, string key, string dialect = "") => server.Client.SendAsync(HttpMethod.Delete, $"{dialect}/webhooks/{webhook}", null, key);
        var (first, second) = (await MadeAsync(), await MadeAsync());
        var deleted = await ManyAsync(() => DeleteAsync(first, "one key", prefix));
        Assert.Equal([204], deleted.Select(reply => reply.Status).Distinct());
        Assert.Equal(AtOnce - 1, deleted.Count(reply => reply.IsReplay));
        Assert.Equal("409 IDEMPOTENCY_CONFLICT", (await DeleteAsync(second, "one key", prefix)).Outcome);
        Assert.Equal("404 WEBHOOK_NOT_FOUND", (await DeleteAsync(first, "another key", prefix)).Outcome);
        await server.RestartAsync();
        var again = await DeleteAsync(first, "one key", prefix.Length == 0 ? "/v1" : "");
        Assert.Equal((204, true), (again.Status, again.IsReplay));
        Assert.Equal(second, Assert.Single((await server.Client.GetAsync("/v1/webhooks")).Data.EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_change_at_the_time_of_a_deletion_does_not_bring_the_webhook_back()
    {
        await using var server = await TestServer.StartAsync();
        for (var round = 0; round < 12; round++)
        {
            var id = (await server.Client.PostAsync("/webhooks", """{"url":"https://localhost:9/hook","events":["*"]}"""))["id"];
            var changes = ManyAsync(() => server.Client.SendAsync(HttpMethod.Patch, $"/webhooks/{id}", """{"metadata":{"a":1}}""", Guid.NewGuid().ToString()));
            Assert.Equal(204, (await server.Client.SendAsync(HttpMethod.Delete, $"/webhooks/{id}", null, Guid.NewGuid().ToString())).Status);
            Assert.All(await changes, reply => Assert.True(reply.Outcome is "200" or "404 WEBHOOK_NOT_FOUND", reply.Text));
        }

        await server.RestartAsync();
        Assert.Empty((await server.Client.GetAsync("/v1/webhooks")).Data.EnumerateArray());
    }

    private static async Task<TestReply[]> ManyAsync(Func<Task<TestReply>> ask) => await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(ask)));

    private static bool HasSecret(TestReply reply) => reply.Data.TryGetProperty("secret", out var secret) && secret.ValueKind == System.Text.Json.JsonValueKind.String;
}
