using System.Text.Json.Nodes;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>What only the server decides, put into the body of every route that takes one.</summary>
public class MassAssignmentTests
{
    private static readonly (string Member, string Value)[] Owned =
    [
        ("tenant_id", "\"theirs\""), ("balance", "\"999999\""), ("status", "\"active\""), ("scale", "9"), ("sequence", "1"), ("created_at", "\"2001-01-01T00:00:00Z\""), ("is_system", "true"), ("epoch", "7"), ("scopes", "[\"admin\"]"),
    ];

    /// <summary>Where the member is the caller's own to say.</summary>
    private static readonly HashSet<string> Own =
    [
        "POST /assets scale", "PATCH /assets/{code} scale", "POST /tenants/{tenant}/keys scopes", "PATCH /webhooks/{id} status", "PUT /webhooks/{id} status", "PATCH /wallets/{id} status", "PUT /wallets/{id} status",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task No_route_takes_from_a_body_what_only_the_server_decides(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        using var theirs = await server.TenantAsync("theirs");
        var own = await Things.MakeAsync(mine, "own");
        var (wrong, refused) = (new List<string>(), 0);
        foreach (var (method, template, scope) in server.Server.Rest.Routes)
        {
            if (method is "GET" or "DELETE") continue;
            var client = scope == Auth.Scope.Admin ? server.Client : mine;
            foreach (var (member, value) in Owned.Where(owned => !Own.Contains($"{method} {template} {owned.Member}")))
            {
                var body = (JsonObject)JsonNode.Parse(IsolationTests.Fill(IsolationTests.Body(template), own))!;
                body[member] = JsonNode.Parse(value);
                var path = IsolationTests.PathOf(prefix, template, own);
                var reply = await client.SendAsync(new HttpMethod(method), path, body.ToJsonString(), Guid.NewGuid().ToString());
                if (template.Contains("/{key}/", StringComparison.Ordinal) && reply.Status == 404) continue; // there is no such key to give anything to
                if (reply.Outcome is "400 VALIDATION_ERROR" or "400 INVALID_POLICY" or "403 FORBIDDEN") refused++;
                else wrong.Add($"{method} {template} with {member}: {reply.Outcome}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(refused > 300, $"{refused} refused");
        Assert.Equal((970, 10), await mine.BalanceAsync(own.Wallet, own.Asset));
    }
}
