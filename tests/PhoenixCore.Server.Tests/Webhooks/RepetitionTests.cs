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

    private static async Task<TestReply[]> ManyAsync(Func<Task<TestReply>> ask) => await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(ask)));

    private static bool HasSecret(TestReply reply) => reply.Data.TryGetProperty("secret", out var secret) && secret.ValueKind == System.Text.Json.JsonValueKind.String;
}
