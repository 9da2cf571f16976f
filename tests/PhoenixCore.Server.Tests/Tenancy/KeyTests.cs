using System.Runtime.Versioning;
using System.Text;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>The life of tenants and API keys.</summary>
public class KeyTests
{
    [Fact]
    public async Task A_suspended_tenant_is_refused_everything_until_it_is_resumed()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        Assert.Equal("201", (await mine.PostAsync("/wallets", """{"external_id":"w"}""")).Outcome);

        Assert.Equal("suspended", (await server.Client.PostAsync("/tenants/mine/suspend", """{"reason":"unpaid"}"""))["status"]);
        foreach (var path in new[] { "/wallets", "/v1/wallets/w", "/nowhere" }) Assert.Equal("403 TENANT_SUSPENDED", (await mine.GetAsync(path)).Outcome);
        Assert.Equal("403 TENANT_SUSPENDED", (await mine.PostAsync("/wallets", """{"external_id":"x"}""")).Outcome);
        Assert.Equal("200", (await server.Client.GetAsync("/wallets")).Outcome);

        Assert.Equal("ACTIVE", (await server.Client.PostAsync("/v1/tenants/mine/resume"))["status"]);
        Assert.Equal("200", (await mine.GetAsync("/wallets/w")).Outcome);
        Assert.Equal("404 WALLET_NOT_FOUND", (await mine.GetAsync("/wallets/x")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await server.Client.PostAsync("/tenants/default/suspend")).Outcome);
    }

    [Fact]
    public async Task A_tenant_is_made_once_and_its_making_can_be_repeated()
    {
        await using var server = await TestServer.StartAsync();
        var made = await server.Client.PostAsync("/tenants", """{"id":"mine"}""", "key 1");
        var again = await server.Client.PostAsync("/tenants", """{"id":"mine"}""", "key 1");
        Assert.Equal((201, made.Text, true), (again.Status, again.Text, again.IsReplay));
        Assert.Equal("409 DUPLICATE_TENANT", (await server.Client.PostAsync("/tenants", """{"id":"mine"}""", "key 2")).Outcome);
        Assert.Equal("409 DUPLICATE_TENANT", (await server.Client.PostAsync("/tenants", """{"id":"mine"}""", "key 2")).Outcome);
        Assert.Equal("409 IDEMPOTENCY_CONFLICT", (await server.Client.PostAsync("/tenants", """{"id":"yours"}""", "key 1")).Outcome);
        Assert.Equal("409 IDEMPOTENCY_CONFLICT", (await server.Client.PostAsync("/tenants/mine/suspend", "{}", "key 1")).Outcome);
        Assert.Equal("404 OPERATION_NOT_FOUND", (await server.Client.GetAsync("/operations/by-key/key%201")).Outcome);
        Assert.Equal("404 TENANT_NOT_FOUND", (await server.Client.GetAsync("/tenants/yours")).Outcome);
        Assert.Equal(2, (await server.Client.GetAsync("/tenants")).Json.GetProperty("data").GetArrayLength());
        foreach (var bad in new[] { "", ".x", "a b", "ä", new string('x', 65) }) Assert.Equal("400 VALIDATION_ERROR", (await server.Client.PostAsync("/tenants", $$"""{"id":"{{bad}}"}""")).Outcome);
        foreach (var body in new[] { "[]", "{", """{"id":7}""", """{"id":"a","id":"b"}""", """{"id":"a","status":"active"}""" }) Assert.Equal("400 VALIDATION_ERROR", (await server.Client.PostAsync("/tenants", body)).Outcome);
    }

    [Fact]
    public async Task A_revoked_key_ends_at_once_on_connections_that_have_used_it()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        var reply = await server.KeyReplyAsync("mine", "wallets:read");
        using var client = server.ClientWith(reply["api_key"]);
        for (var i = 0; i < 3; i++) Assert.Equal("200", (await client.GetAsync("/wallets")).Outcome);
        Assert.Equal("revoked", (await server.Client.PostAsync($"/tenants/mine/keys/{reply["id"]}/revoke", """{"reason":"lost"}"""))["status"]);
        Assert.Equal("401 UNAUTHORIZED", (await client.GetAsync("/wallets")).Outcome);
        Assert.Equal("200", (await mine.GetAsync("/wallets")).Outcome);
        await server.RestartAsync();
        using var again = server.ClientWith(reply["api_key"]);
        Assert.Equal("401 UNAUTHORIZED", (await again.GetAsync("/wallets")).Outcome);
        Assert.Equal("422 KEY_NOT_ACTIVE", (await server.Client.PostAsync($"/tenants/mine/keys/{reply["id"]}/rotate")).Outcome);
        Assert.Equal("404 KEY_NOT_FOUND", (await server.Client.PostAsync($"/tenants/default/keys/{reply["id"]}/revoke")).Outcome);
        Assert.Equal("404 KEY_NOT_FOUND", (await server.Client.PostAsync("/tenants/mine/keys/nothing/revoke")).Outcome);
    }

    [Fact]
    public async Task A_rotated_key_goes_on_for_its_overlap_and_an_expired_one_does_not()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        using var mine = await server.TenantAsync("mine");
        var old = await server.Client.PostAsync("/tenants/mine/keys", """{"scopes":["wallets:read"],"expires_in":7200,"name":"shop"}""");
        using var before = server.ClientWith(old["api_key"]);
        var rotated = await server.Client.PostAsync($"/tenants/mine/keys/{old["id"]}/rotate", """{"overlap_seconds":60}""", "rotation");
        using var after = server.ClientWith(rotated["api_key"]);
        Assert.Equal(("shop", "200", "200"), (rotated["name"], (await before.GetAsync("/wallets")).Outcome, (await after.GetAsync("/wallets")).Outcome));
        Assert.Equal("403 FORBIDDEN", (await after.PostAsync("/wallets", """{"external_id":"w"}""")).Outcome);

        var again = await server.Client.PostAsync($"/tenants/mine/keys/{old["id"]}/rotate", """{"overlap_seconds":60}""", "rotation");
        Assert.Equal((true, rotated["id"], false), (again.IsReplay, again["id"], again.Text.Contains("api_key", StringComparison.Ordinal)));

        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(("401 UNAUTHORIZED", "200"), ((await before.GetAsync("/wallets")).Outcome, (await after.GetAsync("/wallets")).Outcome));
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("401 UNAUTHORIZED", (await after.GetAsync("/wallets")).Outcome);

        var listed = (await server.Client.GetAsync("/tenants/mine/keys")).Json.GetProperty("data").EnumerateArray().Select(key => key.GetProperty("status").GetString());
        Assert.Equal(["active", "expired", "expired"], listed);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task No_secret_is_in_any_file_list_or_dump()
    {
        await using var server = await TestServer.StartAsync(givenKey: null);
        using var mine = await server.TenantAsync("mine");
        var key = await server.KeyReplyAsync("mine", "wallets:read", "wallets:write");
        var token = await mine.FormAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", key["id"]), ("client_secret", key["api_key"]));
        using var holder = server.ClientWith(token.Json.GetProperty("access_token").GetString());
        Assert.Equal("200", (await holder.GetAsync("/wallets")).Outcome);
        var listed = await server.Client.GetAsync("/tenants/mine/keys");
        string[] secrets = [key["api_key"].Split('_')[2], server.FirstKey!.Split('_')[2], token.Json.GetProperty("access_token").GetString()!.Split('.')[2]];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, listed.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("hash", listed.Text, StringComparison.Ordinal);

        await server.StopAsync();
        var files = Directory.GetFiles(server.DataDirectory, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("token-key.pem", StringComparison.Ordinal));
        foreach (var file in files)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            var bytes = File.ReadAllBytes(file);
            foreach (var secret in secrets)
            {
                Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, $"{file} has a secret in clear");
                if (secret.Length == 64) Assert.True(bytes.AsSpan().IndexOf(Convert.FromHexString(secret)) < 0, $"{file} has a secret in binary");
            }
        }
    }
}
