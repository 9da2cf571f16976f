using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Rates and places: how much a key or a tenant may ask at a time.</summary>
public class RateTests
{
    [Fact]
    public async Task A_key_over_its_rate_is_told_when_to_come_again_and_others_are_not_hurt()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(change: settings => settings with { KeyRate = 5, RateBurstSeconds = 2 }, time: time);
        for (var i = 0; i < 10; i++)
        {
            var reply = await server.Client.GetAsync("/wallets");
            Assert.Equal(("200", "10", $"{9 - i}"), (reply.Outcome, reply.Headers["X-RateLimit-Limit"], reply.Headers["X-RateLimit-Remaining"]));
        }

        var refused = await server.Client.PostAsync("/wallets", """{"external_id":"w"}""", "k");
        Assert.Equal(("429 RATE_LIMITED", "1", "2", "0"), (refused.Outcome, refused.Headers["Retry-After"], refused.Headers["X-RateLimit-Reset"], refused.Headers["X-RateLimit-Remaining"]));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("201", (await server.Client.PostAsync("/wallets", """{"external_id":"w"}""", "k")).Outcome);
        var other = await server.KeyAsync("default", "wallets:read");
        using var client = server.ClientWith(other);
        for (var i = 0; i < 10; i++) Assert.Equal("200", (await client.GetAsync("/wallets")).Outcome);
    }

    [Fact]
    public async Task All_keys_and_tokens_of_a_tenant_share_its_rate()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(change: settings => settings with { TenantRate = 2, RateBurstSeconds = 2 }, time: time);
        using var mine = await server.TenantAsync("mine");
        using var another = server.ClientWith(await server.KeyAsync("mine", "wallets:read"));
        for (var i = 0; i < 4; i++) Assert.Equal("200", (await (i % 2 == 0 ? mine : another).GetAsync("/wallets")).Outcome);
        foreach (var client in new[] { mine, another }) Assert.Equal("429 RATE_LIMITED", (await client.GetAsync("/wallets")).Outcome);
        Assert.Equal("200", (await server.Client.GetAsync("/wallets")).Outcome);
    }

    [Fact]
    public async Task Without_a_limit_nothing_is_said_about_rates()
    {
        await using var server = await TestServer.StartAsync();
        Assert.DoesNotContain((await server.Client.GetAsync("/wallets")).Headers.Keys, name => name.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_bucket_can_be_overdrawn_by_one_and_is_paid_back()
    {
        var time = new ManualTime();
        var bucket = new RateBucket(100, 200, time);
        Assert.True(bucket.Take(1_000).IsAdmitted);
        var refused = bucket.Take(1);
        Assert.Equal((false, 0), (refused.IsAdmitted, refused.Remaining));
        time.Advance(refused.RetryIn - TimeSpan.FromMilliseconds(1));
        Assert.False(bucket.Take(1).IsAdmitted);
        time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.True(bucket.Take(1).IsAdmitted);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(199, bucket.Take(1).Remaining);
    }

    [Fact]
    public async Task A_bucket_lets_in_exactly_its_burst_however_many_ask_at_once()
    {
        var bucket = new RateBucket(1_000, 500, new ManualTime());
        var admitted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 500).Count(_ => bucket.Take(1).IsAdmitted))));
        Assert.Equal(500, admitted.Sum());
    }

    [Fact]
    public async Task Places_are_refused_when_taken_and_waited_for_until_some_are_left()
    {
        var load = new TenantLoad(null);
        Assert.True(load.TryEnter(8_190, 100));
        Assert.False(load.TryEnter(1, 100));
        var waiting = load.EnterAsync(10, 100, CancellationToken.None).AsTask();
        load.Leave(90);
        Assert.False(waiting.IsCompleted);
        load.Leave(8_100);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(10, load.UnderWay);
        using var ended = new CancellationTokenSource();
        var given = load.EnterAsync(1, 10, ended.Token).AsTask();
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        load.Leave(10);
        Assert.Equal(0, load.UnderWay);
    }

    [Fact]
    public async Task Every_call_gives_its_place_back_however_it_ends()
    {
        await using var server = await TestServer.StartAsync(change: settings => settings with { TenantUnderWay = 16 });
        using var mine = await server.TenantAsync("mine");
        var tenant = server.Server.Tenants.Find("mine")!;
        for (var i = 0; i < 20; i++)
        {
            await mine.GetAsync("/wallets/none");
            await mine.PostAsync("/wallets", "{");
            await mine.PostAsync("/nowhere");
            await mine.SendAsync(HttpMethod.Post, "/wallets", new string('x', 70_000), "k");
        }

        Assert.Equal(0, tenant.Load.UnderWay);
        tenant.Load.TryEnter(16, 100);
        Assert.Equal("429 RATE_LIMITED", (await mine.GetAsync("/wallets")).Outcome);
        Assert.Equal("200", (await server.Client.GetAsync("/wallets")).Outcome);
    }
}
