namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Tenants on a test server, made the way an operator makes them.</summary>
internal static class TenantRig
{
    public static async Task<TestClient> TenantAsync(this TestServer server, string name)
    {
        Assert.Equal("201", (await server.Client.PostAsync("/tenants", $$"""{"id":"{{name}}","reason":"test"}""")).Outcome);
        return server.ClientWith(await server.KeyAsync(name, "wallets:read", "wallets:write"));
    }

    /// <summary>The text of a new key.</summary>
    public static async Task<string> KeyAsync(this TestServer server, string tenant, params string[] scopes) => (await server.KeyReplyAsync(tenant, scopes))["api_key"];

    public static async Task<TestReply> KeyReplyAsync(this TestServer server, string tenant, params string[] scopes)
    {
        var reply = await server.Client.PostAsync($"/tenants/{tenant}/keys", $$"""{"scopes":[{{string.Join(",", scopes.Select(scope => $"\"{scope}\""))}}]}""");
        Assert.Equal("201", reply.Outcome);
        return reply;
    }
}
