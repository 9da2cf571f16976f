using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using PhoenixCore.Server.Auth.Tokens;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>The other issuer's keys by address: what is believed of its answers.</summary>
public sealed class KeySetTests : IAsyncLifetime
{
    private readonly WebApplication _app;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;
    private int _asked;
    private int _askedElsewhere;

    public KeySetTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async http =>
        {
            if (http.Request.Path == "/elsewhere") Interlocked.Increment(ref _askedElsewhere);
            await (http.Request.Path == "/elsewhere" ? http.Response.WriteAsync(SetOf("evil")) : _answer(http));
            if (http.Request.Path != "/elsewhere") Interlocked.Increment(ref _asked);
        });
    }

    private string Address => _app.Urls.First() + "/keys";

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_set_that_cannot_be_believed_leaves_the_last_good_one_in_force()
    {
        Say(SetOf("good"));
        using var issuer = new ForeignIssuer("i", "a", Address, NullLogger.Instance, TimeSpan.FromMilliseconds(10));
        await issuer.StartAsync();
        Assert.Equal(["good"], issuer.KeysFor("good").Select(key => key.Id));
        (string Name, Func<HttpContext, Task> Answer)[] bad =
        [
            ("an error", http => StatusAsync(http, 500)),
            ("nothing", http => StatusAsync(http, 200)),
            ("a redirect", http =>
            {
                http.Response.Redirect("/elsewhere");
                return Task.CompletedTask;
            }),
            ("a redirect that keeps the method", http =>
            {
                (http.Response.StatusCode, http.Response.Headers.Location) = (307, "/elsewhere");
                return Task.CompletedTask;
            }),
            ("a cut connection", http =>
            {
                http.Abort();
                return Task.CompletedTask;
            }),
            ("too much", http => http.Response.WriteAsync(SetOf("evil") + new string(' ', 300 * 1_024))),
            ("much too much, announced", http => http.Response.WriteAsync(new string(' ', 2 << 20))),
            ("no JSON", http => http.Response.WriteAsync("<html>")),
            ("no keys", http => http.Response.WriteAsync("""{"keys":[]}""")),
            ("keys twice", http => http.Response.WriteAsync(SetOf("evil")[..^1] + ",\"keys\":[]}")),
            ("a short key", http => http.Response.WriteAsync(SetOf("evil", bits: 1_024))),
            ("a symmetric key", http => http.Response.WriteAsync("""{"keys":[{"kty":"oct","kid":"evil","alg":"HS256","k":"c2VjcmV0"}]}""")),
            ("a key for encryption", http => http.Response.WriteAsync(SetOf("evil").Replace("\"kid\"", "\"use\":\"enc\",\"kid\"", StringComparison.Ordinal))),
            ("a key for another algorithm", http => http.Response.WriteAsync(SetOf("evil").Replace("RS256", "PS256", StringComparison.Ordinal))),
        ];
        foreach (var (name, answer) in bad)
        {
            _answer = answer;
            await ReadAgainAsync(issuer);
            Assert.True(issuer.KeysFor("evil") is [{ Id: "good" }], name);
        }

        Assert.Equal(0, _askedElsewhere);
        Say(SetOf("next"));
        await ReadAgainAsync(issuer);
        Assert.Equal(["next"], issuer.KeysFor("next").Select(key => key.Id));
    }

    [Fact]
    public async Task When_the_set_changes_new_tokens_are_taken_and_old_ones_are_not_also_where_they_were_known()
    {
        using var forge = new TokenForge(DateTimeOffset.UtcNow);
        using var next = new TokenForge(DateTimeOffset.UtcNow);
        Say(File.ReadAllText(forge.KeySetPath));
        await using var server = await TestServer.StartAsync(change: settings => settings with { JwtKeys = Address, JwtIssuer = TokenForge.Issuer, JwtAudience = TokenForge.Audience });
        using var mine = await server.TenantAsync("mine");
        using var old = server.ClientWith(forge.Sign(forge.Claims()));
        using var young = server.ClientWith(next.Sign(next.Claims(), """{"alg":"RS256","kid":"r2"}"""));
        Assert.Equal(("200", "401 UNAUTHORIZED"), ((await old.GetAsync("/wallets")).Outcome, (await young.GetAsync("/wallets")).Outcome));

        _answer = http => StatusAsync(http, 503);
        Assert.Equal("200", (await old.GetAsync("/wallets")).Outcome); // an outage of the issuer is none here

        Say(File.ReadAllText(next.KeySetPath).Replace("\"kid\":\"r\"", "\"kid\":\"r2\"", StringComparison.Ordinal));
        for (var i = 0; i < 1_500 && ((await young.GetAsync("/wallets")).Status, (await old.GetAsync("/wallets")).Status) != (200, 401); i++) await Task.Delay(20);
        Assert.Equal(("401 UNAUTHORIZED", "200"), ((await old.GetAsync("/wallets")).Outcome, (await young.GetAsync("/wallets")).Outcome));
    }

    private void Say(string set) => _answer = http => http.Response.WriteAsync(set);

    private static Task StatusAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Waits until an answer that began after now was dealt with: another one follows it.</summary>
    private async Task ReadAgainAsync(ForeignIssuer issuer)
    {
        var before = Volatile.Read(ref _asked);
        for (var i = 0; i < 3_000 && Volatile.Read(ref _asked) < before + 3; i++)
        {
            issuer.KeysFor("unknown");
            await Task.Delay(10);
        }

        Assert.True(Volatile.Read(ref _asked) >= before + 3, "the set is not read again");
    }

    private static string SetOf(string id, int bits = 2_048)
    {
        using var rsa = RSA.Create(bits);
        var key = rsa.ExportParameters(false);
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = "RSA", kid = id, alg = "RS256", n = System.Buffers.Text.Base64Url.EncodeToString(key.Modulus), e = System.Buffers.Text.Base64Url.EncodeToString(key.Exponent) } } });
    }
}
