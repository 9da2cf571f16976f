using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Which tokens are believed, and what for.</summary>
public class TokenTests
{
    [Fact]
    public async Task Good_tokens_of_the_other_issuer_open_their_tenant_with_their_scopes()
    {
        var time = new ManualTime();
        using var forge = new TokenForge(time.GetUtcNow());
        await using var server = await StartAsync(forge, time);
        using var mine = await server.TenantAsync("mine");
        string[] good =
        [
            forge.Sign(forge.Claims()),
            forge.SignEc(forge.Claims()),
            forge.Sign(forge.Claims(), """{"alg":"RS256"}"""),
            forge.Sign(forge.Claims(), """{"alg":"RS256","kid":"r","jku":"http://127.0.0.1:1/","jwk":{"kty":"oct"},"x5u":"file:///etc/passwd"}"""),
            forge.Sign(forge.Claims(("aud", new[] { "other", TokenForge.Audience }))),
            forge.Sign(forge.Claims(("tenant_id", null), ("org_id", "mine"))),
            forge.Sign(forge.Claims(("nbf", time.GetUtcNow().AddSeconds(20).ToUnixTimeSeconds()))),
            forge.Sign(forge.Claims(("exp", time.GetUtcNow().AddSeconds(-20).ToUnixTimeSeconds()))),
        ];
        foreach (var token in good)
        {
            using var client = server.ClientWith(token);
            Assert.Equal(("200", "403 FORBIDDEN"), ((await client.GetAsync("/wallets")).Outcome, (await client.PostAsync("/wallets", """{"external_id":"w"}""")).Outcome));
        }

        using var admin = server.ClientWith(forge.Sign(forge.Claims(("scope", "admin wallets:read"))));
        Assert.Equal("403 FORBIDDEN", (await admin.GetAsync("/tenants")).Outcome);
        using var unscoped = server.ClientWith(forge.Sign(forge.Claims(("scope", null))));
        Assert.Equal("403 FORBIDDEN", (await unscoped.GetAsync("/wallets")).Outcome);
        await server.Client.PostAsync("/tenants/mine/suspend");
        using var suspended = server.ClientWith(good[0]);
        Assert.Equal("403 TENANT_SUSPENDED", (await suspended.GetAsync("/wallets")).Outcome);
    }

    [Fact]
    public async Task Bad_tokens_are_all_answered_alike()
    {
        var time = new ManualTime();
        using var forge = new TokenForge(time.GetUtcNow());
        await using var server = await StartAsync(forge, time);
        using var mine = await server.TenantAsync("mine");
        using var nobody = server.ClientWith("no token");
        var expected = (await nobody.GetAsync("/wallets")).Text;
        var (wrong, count) = (new List<string>(), 0);
        foreach (var (name, token) in Bad(forge, time.GetUtcNow()))
        {
            count++;
            using var client = server.ClientWith(token);
            var reply = await client.GetAsync("/wallets");
            // A header past what the web server takes at all has an answer of its own.
            if ((reply.Status, reply.Text) != (401, expected) && !(token.Length > 30_000 && reply.Status == 431)) wrong.Add($"{name}: {reply.Status} {reply.Text}");
        }

        Assert.Empty(wrong);
        Assert.True(count >= 90, $"{count} tokens");
    }

    [Fact]
    public async Task A_key_is_exchanged_for_a_token_that_ends_with_it()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        using var mine = await server.TenantAsync("mine");
        var key = await server.KeyReplyAsync("mine", "wallets:read", "credits:write");
        using var anyone = server.ClientWith(null);
        var secret = key["api_key"].Split('_')[2];
        var reply = await anyone.FormAsync("/v1/oauth/token", ("grant_type", "client_credentials"), ("client_id", key["id"]), ("client_secret", secret), ("scope", "wallets:read"));
        Assert.Equal((200, "Bearer", 3_600, "wallets:read", "no-store"), (reply.Status, reply["token_type"], reply.Json.GetProperty("expires_in").GetInt32(), reply["scope"], reply.Headers["Cache-Control"]));
        using var holder = server.ClientWith(reply["access_token"]);
        Assert.Equal(("200", "403 FORBIDDEN"), ((await holder.GetAsync("/wallets")).Outcome, (await holder.PostAsync("/credits", "{}")).Outcome));

        await server.RestartAsync();
        using var later = server.ClientWith(reply["access_token"]);
        Assert.Equal("200", (await later.GetAsync("/wallets")).Outcome);
        await server.Client.PostAsync($"/tenants/mine/keys/{key["id"]}/revoke");
        Assert.Equal("401 UNAUTHORIZED", (await later.GetAsync("/wallets")).Outcome);
        using var anyoneLater = server.ClientWith(null);
        Assert.Equal(401, (await anyoneLater.FormAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", key["id"]), ("client_secret", secret))).Status);
    }

    [Fact]
    public async Task A_token_ends_in_an_hour()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(givenKey: null, time: time);
        var parts = server.FirstKey!.Split('_');
        using var anyone = server.ClientWith(null);
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{parts[1]}:{parts[2]}"));
        var reply = await anyone.SendAsync(HttpMethod.Post, "/oauth/token", "grant_type=client_credentials", null, "application/x-www-form-urlencoded", ("Authorization", $"Basic {basic}"));
        using var holder = server.ClientWith(reply["access_token"]);
        Assert.Equal("200", (await holder.GetAsync("/tenants")).Outcome);
        time.Advance(TimeSpan.FromSeconds(3_629));
        Assert.Equal("200", (await holder.GetAsync("/tenants")).Outcome);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("401 UNAUTHORIZED", (await holder.GetAsync("/tenants")).Outcome);
    }

    [Theory]
    [InlineData("grant_type=password&client_id={id}&client_secret={secret}", 400, "unsupported_grant_type")]
    [InlineData("client_id={id}&client_secret={secret}", 400, "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id={id}", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id=0123456789ab&client_secret={secret}", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id=0123456789ab&client_secret=phx_{id}_{secret}", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret={id}", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret={secret}&client_secret=x", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=admin", 400, "invalid_scope")]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=wallets:write", 400, "invalid_scope")]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=none", 400, "invalid_scope")]
    public async Task A_token_is_refused_in_the_words_of_the_standard(string form, int status, string error)
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        var key = await server.KeyReplyAsync("mine", "wallets:read");
        using var anyone = server.ClientWith(null);
        var body = form.Replace("{id}", key["id"], StringComparison.Ordinal).Replace("{secret}", key["api_key"].Split('_')[2], StringComparison.Ordinal);
        var reply = await anyone.SendAsync(HttpMethod.Post, "/oauth/token", body, null, "application/x-www-form-urlencoded");
        Assert.Equal((status, error), (reply.Status, reply.Json.GetProperty("error").GetString()));
        Assert.DoesNotContain(key["api_key"].Split('_')[2], reply.Text, StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(TokenForge forge, ManualTime time) => TestServer.StartAsync(
        change: settings => settings with { JwtKeys = forge.KeySetPath, JwtIssuer = TokenForge.Issuer, JwtAudience = TokenForge.Audience }, time: time);

    private static IEnumerable<(string Name, string Token)> Bad(TokenForge forge, DateTimeOffset now)
    {
        var claims = forge.Claims();
        var good = forge.Sign(claims);
        var parts = good.Split('.');
        foreach (var alg in new[] { "none", "None", "nOnE", "NONE", "" }) yield return ($"alg {alg}", TokenForge.With($$"""{"alg":"{{alg}}","kid":"r"}""", claims, _ => []));
        yield return ("alg none with a signature", TokenForge.With("""{"alg":"none"}""", claims, _ => [1]));
        foreach (var secret in new[] { forge.Rsa.ExportSubjectPublicKeyInfo(), forge.Rsa.ExportRSAPublicKey(), Encoding.ASCII.GetBytes(forge.Rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(forge.Rsa.ExportRSAPublicKeyPem()), "secret"u8.ToArray() })
        {
            foreach (var kid in new[] { "\"r\"", "\"s\"", "null" }) yield return ($"HS256 by a public key, kid {kid}", TokenForge.With($$"""{"alg":"HS256","kid":{{kid}}}""", claims, text => HMACSHA256.HashData(secret, text)));
        }

        foreach (var alg in new[] { "ES256", "PS256", "RS384", "RS512", "EdDSA", "HS256", "rs256" }) yield return ($"RS256 under the name of {alg}", forge.Sign(claims, $$"""{"alg":"{{alg}}","kid":"r"}"""));
        yield return ("ES256 under the name of RS256", forge.SignEc(claims, """{"alg":"RS256","kid":"r"}"""));
        yield return ("the other key's id", forge.Sign(claims, """{"alg":"RS256","kid":"e"}"""));
        foreach (var kid in new[] { "../../r", "r' OR 1=1", "http://127.0.0.1/", "", "R" }) yield return ($"kid {kid}", forge.Sign(claims, $$"""{"alg":"RS256","kid":"{{kid}}"}"""));
        yield return ("two alg", forge.Sign(claims, """{"alg":"RS256","alg":"none","kid":"r"}"""));
        yield return ("no alg", forge.Sign(claims, """{"kid":"r"}"""));
        yield return ("alg is no text", forge.Sign(claims, """{"alg":7,"kid":"r"}"""));
        yield return ("crit", forge.Sign(claims, """{"alg":"RS256","kid":"r","crit":["exp"]}"""));
        yield return ("an embedded key of its own", TokenForge.With("""{"alg":"RS256","kid":"own","jwk":{"kty":"oct","k":"c2VjcmV0"},"jku":"http://127.0.0.1:1/","x5u":"http://127.0.0.1:1/","x5c":["AA"]}""", claims, text => HMACSHA256.HashData("secret"u8, text)));
        foreach (var crit in new[] { "[]", "null", "[\"b64\"]", "\"exp\"" }) yield return ($"crit {crit}", forge.Sign(claims, $$"""{"alg":"RS256","kid":"r","crit":{{crit}}}"""));
        yield return ("two kid", forge.Sign(claims, """{"alg":"RS256","kid":"e","kid":"r"}"""));
        yield return ("b64", forge.Sign(claims, """{"alg":"RS256","kid":"r","b64":false}"""));
        yield return ("header is no object", forge.Sign(claims, "[]"));
        yield return ("header is no JSON", forge.Sign(claims, "{"));
        yield return ("claims are no object", forge.Sign("\"x\""));
        yield return ("a claim twice", forge.Sign(claims[..^1] + ",\"tenant_id\":\"default\"}"));
        using (var other = RSA.Create(2_048)) yield return ("another key", TokenForge.With("""{"alg":"RS256","kid":"r"}""", claims, text => other.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        foreach (var (name, changes) in BadClaims(now)) yield return (name, forge.Sign(forge.Claims(changes)));
        yield return ("no signature", $"{parts[0]}.{parts[1]}.");
        yield return ("two parts", $"{parts[0]}.{parts[1]}");
        yield return ("four parts", good + ".x");
        yield return ("five parts", good + ".x.y");
        yield return ("other claims under the signature", $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(forge.Claims(("tenant_id", "default"))))}.{parts[2]}");
        yield return ("padded", good + "=");
        yield return ("changed at its end", good[..^2] + (good[^2] == 'A' ? 'B' : 'A') + good[^1]);
        for (var length = 0; length < good.Length; length += 37) yield return ($"cut at {length}", good[..length]);
        yield return ("huge", $"{parts[0]}.{new string('A', 20_000)}.{parts[2]}");
        yield return ("ES256 signature of zeros", TokenForge.With("""{"alg":"ES256","kid":"e"}""", claims, _ => new byte[64]));
        yield return ("ES256 signature in DER", TokenForge.With("""{"alg":"ES256","kid":"e"}""", claims, text => forge.Ec.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
    }

    private static IEnumerable<(string Name, (string, object?)[] Changes)> BadClaims(DateTimeOffset now)
    {
        foreach (var claim in new[] { "iss", "aud", "sub", "tenant_id", "exp" }) yield return ($"no {claim}", [(claim, null)]);
        yield return ("wrong issuer", [("iss", "https://issuer.example/")]);
        yield return ("our issuer", [("iss", "phoenixcore:")]);
        yield return ("wrong audience", [("aud", "Wallets")]);
        yield return ("no audience of many", [("aud", Array.Empty<string>())]);
        yield return ("audience is a number", [("aud", 7)]);
        yield return ("expired", [("exp", now.AddSeconds(-31).ToUnixTimeSeconds())]);
        yield return ("expired just when the leeway ends", [("exp", now.AddSeconds(-30).ToUnixTimeSeconds())]);
        yield return ("not yet valid by a second more than the leeway", [("nbf", now.AddSeconds(31).ToUnixTimeSeconds())]);
        yield return ("expiry is a text", [("exp", "9999999999")]);
        yield return ("expiry is negative", [("exp", -1)]);
        yield return ("expiry is beyond the calendar", [("exp", 1e300)]);
        yield return ("not yet valid", [("nbf", now.AddSeconds(60).ToUnixTimeSeconds())]);
        yield return ("issued in the future", [("iat", now.AddSeconds(60).ToUnixTimeSeconds())]);
        yield return ("unknown tenant", [("tenant_id", "nobody")]);
        yield return ("tenant is a number", [("tenant_id", 1)]);
        yield return ("tenant is an array", [("tenant_id", new[] { "mine" })]);
        yield return ("empty subject", [("sub", "")]);
    }
}
