using System.Globalization;
using Xunit.Abstractions;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Whatever one tenant does, no byte changes of what another can read.</summary>
/// <remarks>Other requests in every run; <c>PHOENIX_TENANT_SEED</c> with the number that a failure names runs the same ones.</remarks>
public sealed class SurfaceProperties(ITestOutputHelper output)
{
    private const string Name = "same";
    private static readonly bool Nightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";
    private static readonly int Operations = Nightly ? 20_000 : 600;

    [Fact]
    public async Task Random_operations_of_one_tenant_change_no_byte_that_another_can_read()
    {
        var seed = Environment.GetEnvironmentVariable("PHOENIX_TENANT_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        Assert.Equal("201", (await server.Client.PostAsync("/tenants", """{"id":"theirs"}""")).Outcome);
        var key = await server.KeyAsync("theirs", "wallets:read", "wallets:write");
        using var theirs = server.ClientWith(key);
        var own = await Things.MakeAsync(mine, Name);
        var foreign = await Things.MakeAsync(theirs, Name);
        var second = await Things.MakeAsync(theirs, "second");
        foreach (var reservation in new[] { foreign.Reservation, second.Reservation }) Assert.Equal("200", (await theirs.PostAsync($"/reservations/{reservation}/extend", """{"expires_in":86400}""")).Outcome);

        using var surface = new Surface(server, theirs, key, [foreign, second]);
        var before = await surface.ReadAsync();
        Assert.True(before.Count > 150, $"{before.Count} reads");
        var unread = before.Where(read => !read.Value.StartsWith("200 ", StringComparison.Ordinal) && read.Key != "/events/stream").ToList();
        Assert.True(unread.Count == 0, "seed " + seed + string.Join('\n', unread.Select(read => $"{read.Key}: {read.Value}")));

        var mischief = new Mischief(new Random(seed), own, foreign);
        var (done, refused) = (0, 0);
        for (var i = 0; i < Operations; i++)
        {
            var reply = await mischief.DoAsync(mine);
            Assert.True(reply.Status < 500, $"seed {seed}, operation {i}: {reply.Text}");
            if (reply.Status < 400) done++;
            else refused++;
        }

        output.WriteLine($"{done} done, {refused} refused, {before.Count} reads");
        Assert.True(done > Operations / 6 && refused > Operations / 6, $"seed {seed}: {done} done, {refused} refused");
        var after = await surface.ReadAsync();
        var changed = before.Keys.Union(after.Keys).Where(read => before.GetValueOrDefault(read) != after.GetValueOrDefault(read)).ToList();
        Assert.True(changed.Count == 0, $"seed {seed}\n" + string.Join('\n', changed.Select(read => $"{read}\n  before {before.GetValueOrDefault(read)}\n  after  {after.GetValueOrDefault(read)}")));
    }

    [Fact]
    public async Task Every_kind_of_request_that_changes_something_is_among_them()
    {
        await using var server = await TestServer.StartAsync();
        static string Shape(string path) => string.Join('/', path.Split('/').Select(segment => segment.StartsWith('{') || segment.StartsWith('<') ? "*" : segment));
        var asked = Mischief.Asked.Select(request => $"{request.Method} {Shape(request.Path)}").ToHashSet();
        var table = server.Server.Rest.Routes.Where(route => route.Scope != Auth.Scope.Admin).Select(route => $"{route.Method} {Shape(route.Template)}").ToHashSet();
        Assert.Empty(asked.Except(table));
        Assert.Empty(table.Where(route => !route.StartsWith("GET", StringComparison.Ordinal)).Except(asked));
    }
}
