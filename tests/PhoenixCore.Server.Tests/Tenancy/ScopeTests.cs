using PhoenixCore.Server.Auth;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Who may do what, written down a second time: a route that is not in this table fails the test.</summary>
public class ScopeTests
{
    private const string Table = """
        POST /wallets                                    wallets:write
        GET /wallets                                     wallets:read
        GET /wallets/{id}                                wallets:read
        GET /wallets/external/{external_id}              wallets:read
        GET /wallets/by-external-id/{external_id}        wallets:read
        POST /wallets/{id}/freeze                        wallets:write
        POST /wallets/{id}/unfreeze                      wallets:write
        POST /wallets/{id}/close                         wallets:write
        PUT /wallets/{id}/bounds/{asset}                 wallets:write
        GET /wallets/{id}/balances                       wallets:read
        GET /wallets/{id}/balance                        wallets:read
        GET /wallets/{id}/balances/{asset}               wallets:read
        GET /wallets/{id}/balance/{asset}                wallets:read
        GET /wallets/{id}/lots                           wallets:read lots:read
        POST /credits                                    wallets:write credits:write
        GET /credits/{id}                                wallets:read ledger:read
        POST /transfers                                  wallets:write transfers:write
        GET /transfers/{id}                              wallets:read ledger:read
        POST /debits                                     wallets:write debits:write
        GET /debits/{id}                                 wallets:read ledger:read
        POST /reservations                               wallets:write reservations:write
        GET /reservations/{id}                           wallets:read
        POST /reservations/{id}/commit                   wallets:write reservations:write
        POST /reservations/{id}/capture                  wallets:write reservations:write
        POST /reservations/{id}/release                  wallets:write reservations:write
        POST /reservations/{id}/cancel                   wallets:write reservations:write
        DELETE /reservations/{id}                        wallets:write reservations:write
        POST /reservations/{id}/transfer                 wallets:write reservations:write
        POST /assets                                     wallets:write assets:write
        GET /assets                                      wallets:read assets:read
        GET /assets/{code}                               wallets:read assets:read
        PATCH /assets/{code}                             wallets:write assets:write
        POST /assets/{code}/deactivate                   wallets:write assets:write
        POST /assets/{code}/activate                     wallets:write assets:write
        POST /batches                                    wallets:write
        POST /operations/status                          wallets:write credits:write transfers:write debits:write reservations:write lots:write assets:write policies:write webhooks:write
        GET /operations/by-key/{key}                     wallets:read ledger:read wallets:write credits:write transfers:write debits:write reservations:write lots:write assets:write policies:write webhooks:write
        GET /ledger/transactions/{id}                    wallets:read ledger:read
        GET /wallets/{id}/transactions                   wallets:read ledger:read
        GET /wallets/{id}/entries                        wallets:read ledger:read
        GET /wallets/{id}/reservations                   wallets:read
        GET /ledger/transactions                         wallets:read ledger:read
        GET /ledger/entries                              wallets:read ledger:read
        GET /ledger/trial-balance                        wallets:read ledger:read
        GET /lots/{id}                                   wallets:read lots:read
        GET /lots/{id}/entries                           wallets:read lots:read
        GET /credits                                     wallets:read ledger:read
        GET /transfers                                   wallets:read ledger:read
        GET /debits                                      wallets:read ledger:read
        GET /reservations                                wallets:read
        GET /events                                      wallets:read events:read
        GET /events/stream                               wallets:read events:read
        POST /webhooks                                   wallets:write webhooks:write
        GET /webhooks                                    wallets:read webhooks:read
        GET /webhooks/{id}                               wallets:read webhooks:read
        PATCH /webhooks/{id}                             wallets:write webhooks:write
        PUT /webhooks/{id}                               wallets:write webhooks:write
        DELETE /webhooks/{id}                            wallets:write webhooks:write
        POST /webhooks/{id}/test                         wallets:write webhooks:write
        POST /webhooks/{id}/rotate-secret                wallets:write webhooks:write
        POST /webhooks/{id}/replay                       wallets:write webhooks:write
        GET /webhooks/{id}/deliveries                    wallets:read webhooks:read
        POST /webhooks/{id}/deliveries/{delivery}/retry  wallets:write webhooks:write
        POST /reservations/{id}/increment                wallets:write reservations:write
        POST /reservations/{id}/extend                   wallets:write reservations:write
        PATCH /lots/{id}                                 wallets:write lots:write
        POST /lots/{id}/expire                           wallets:write lots:write
        POST /credits/{id}/reverse                       wallets:write credits:write
        POST /transfers/{id}/reverse                     wallets:write transfers:write
        PATCH /wallets/{id}                              wallets:write
        PUT /wallets/{id}                                wallets:write
        PUT /assets/{code}/policies                      wallets:write policies:write
        POST /policies                                   wallets:write policies:write
        GET /policies                                    wallets:read policies:read
        GET /policies/{id}                               wallets:read policies:read
        PUT /policies/{id}                               wallets:write policies:write
        GET /policies/{id}/versions                      wallets:read policies:read
        POST /policies/{id}/deprecate                    wallets:write policies:write
        POST /policies/{id}/activate                     wallets:write policies:write
        POST /policies/{id}/deactivate                   wallets:write policies:write
        POST /policies/{id}/evaluate                     wallets:read policies:read
        POST /tenants                                    admin
        GET /tenants                                     admin
        GET /tenants/{tenant}                            admin
        POST /tenants/{tenant}/suspend                   admin
        POST /tenants/{tenant}/resume                    admin
        POST /tenants/{tenant}/erase                     admin
        GET /tenants/{tenant}/export                     admin
        POST /tenants/{tenant}/keys                      admin
        GET /tenants/{tenant}/keys                       admin
        POST /tenants/{tenant}/keys/{key}/rotate         admin
        POST /tenants/{tenant}/keys/{key}/revoke         admin
        DELETE /tenants/{tenant}/keys/{key}              admin
        POST /snapshots                                  admin
        GET /snapshots                                   admin
        GET /replication                                 admin
        POST /replication/promote                        admin
        """;

    [Fact]
    public async Task Every_route_lets_in_exactly_the_scopes_that_are_written_here()
    {
        var expected = Table.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(words => $"{words[0]} {words[1]}", words => words[2..].ToHashSet());
        await using var server = await TestServer.StartAsync();
        var wrong = new List<string>();
        foreach (var scope in ScopeNames.All)
        {
            using var client = server.ClientWith(await server.KeyAsync("default", scope));
            foreach (var (method, template, _) in server.Server.Rest.Routes)
            {
                if (!expected.TryGetValue($"{method} {template}", out var scopes))
                {
                    wrong.Add($"{method} {template} is not in the table");
                    continue;
                }

                var path = System.Text.RegularExpressions.Regex.Replace(template, @"\{\w+\}", "nothing");
                if (template == "/events/stream") path += "?types=none"; // it would go on for ever
                var reply = await client.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}", "k" + Guid.NewGuid());
                if (reply.Outcome == "403 FORBIDDEN" == scopes.Contains(scope)) wrong.Add($"{method} {template} with {scope}: {reply.Outcome}");
            }
        }

        Assert.Empty(wrong.Distinct());
        Assert.Equal(expected.Count, server.Server.Rest.Routes.Count());
    }

    [Fact]
    public async Task To_close_a_key_takes_a_scope_that_writes()
    {
        await using var server = await TestServer.StartAsync();
        using var reader = server.ClientWith(await server.KeyAsync("default", "wallets:read"));
        Assert.Equal("404 OPERATION_NOT_FOUND", (await reader.GetAsync("/operations/by-key/k")).Outcome);
        Assert.Equal("403 FORBIDDEN", (await reader.GetAsync("/operations/by-key/k?close=true")).Outcome);
        Assert.Equal("404 OPERATION_NOT_FOUND", (await server.Client.GetAsync("/operations/by-key/k")).Outcome);
    }

    [Fact]
    public async Task The_scope_admin_is_for_the_operators_tenant_alone()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        Assert.Equal("400 VALIDATION_ERROR", (await server.Client.PostAsync("/tenants/mine/keys", """{"scopes":["admin"]}""")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await server.Client.PostAsync("/tenants/mine/keys", """{"scopes":["everything"]}""")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await server.Client.PostAsync("/tenants/mine/keys", """{"scopes":[]}""")).Outcome);
        Assert.Equal("403 FORBIDDEN", (await mine.GetAsync("/tenants")).Outcome);
    }

    [Fact]
    public void Scopes_are_written_with_the_fewest_names_and_read_back_the_same()
    {
        foreach (var name in ScopeNames.All)
        {
            ScopeNames.TryParse(name, out var scope);
            Assert.Equal([name], ScopeNames.Of(scope));
        }

        Assert.Equal(["wallets:write", "wallets:read", "admin"], ScopeNames.Of(Scope.Tenant | Scope.Admin));
        Assert.Equal(Scope.CreditsWrite | Scope.LotsRead, ScopeNames.OfWords("credits:write  lots:read unknown"));
    }
}
