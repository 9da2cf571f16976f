using PhoenixCore.Client;
using PhoenixCore.Client.Api;
using PhoenixCore.Client.Errors;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests.Clients;

/// <summary>Policies through the .NET client.</summary>
public sealed class PolicyClientTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private readonly PhoenixClient _phoenix = new(fixture.Server.Address, WireServer.Key, new PhoenixClientOptions { BackoffMin = TimeSpan.FromMilliseconds(5), AttemptsMax = 3 });

    [Fact]
    public async Task A_policy_has_versions_and_a_status_and_one_key_makes_it_once()
    {
        var once = new RequestOptions { IdempotencyKey = fixture.NewName() };
        var first = await _phoenix.Policies.CreateAsync("""{"name":"tier","rules":[{"type":"amount","max":10}]}""", once);
        Assert.Equal((first.Id, 1), (await _phoenix.Policies.CreateAsync("""{"name":"tier","rules":[{"type":"amount","max":10}]}""", once)) is var again ? (again.Id, again.Version) : default);
        var second = await _phoenix.Policies.UpdateAsync(first.Id, """{"name":"tier 2"}""");
        Assert.Equal((first.Id, 2, PolicyStatus.Active), (second.Id, second.Version, second.Status));
        Assert.Contains("\"max\":10", (await _phoenix.Policies.GetAsync(first.Id, version: 1)).SourceJson, StringComparison.Ordinal);
        Assert.Equal((2, 2), (await _phoenix.Policies.GetAsync(first.Id)) is var latest ? (latest.Version, latest.LatestVersion) : default);
        Assert.Equal([2, 1], await _phoenix.Policies.ListVersionsAsync(first.Id).Select(version => version.Version).ToListAsync());
        Assert.Contains(first.Id, await _phoenix.Policies.ListAsync().Select(policy => policy.Id).ToListAsync());
        Assert.Equal(PolicyStatus.Deprecated, (await _phoenix.Policies.SetStatusAsync(first.Id, PolicyStatus.Deprecated)).Status);
        var wallet = await _phoenix.Wallets.CreateAsync(new NewWallet(fixture.NewName()));
        Assert.Equal("INVALID_POLICY", (await Assert.ThrowsAsync<PhoenixInvalidRequestException>(() => _phoenix.Policies.BindWalletAsync(wallet.Id, [first.Id]))).Code);
        await Assert.ThrowsAsync<PhoenixNotFoundException>(() => _phoenix.Policies.GetAsync("pol_nothing"));
        Assert.Equal("INVALID_POLICY", (await Assert.ThrowsAsync<PhoenixInvalidRequestException>(() => _phoenix.Policies.CreateAsync("""{"name":"x","rules":[{"type":"nonsense"}]}"""))).Code);
    }

    [Fact]
    public async Task An_evaluation_says_why_and_the_operation_agrees()
    {
        var (cents, policy) = (new Money(10, 2, "USD"), await _phoenix.Policies.CreateAsync("""{"name":"p","rules":[{"type":"intent","id":"no-gifts","denied":["gift"]}]}"""));
        var player = await _phoenix.Wallets.CreateAsync(new NewWallet(fixture.NewName()) { DefaultAsset = "USD" });
        await _phoenix.Credits.CreateAsync(player.Id, cents, new CreditTerms { PolicyId = policy.Id });
        var question = new PolicyQuestion(PolicyOperation.Consume, player.Id, cents) { Intent = "gift" };
        var denied = await _phoenix.Policies.EvaluateAsync(question);
        Assert.Equal((false, "POLICY_VIOLATION"), (denied.IsAllowed, denied.Code));
        var verdict = Assert.Single(denied.Verdicts, verdict => !verdict.IsAllowed);
        Assert.Equal(("lot", policy.Id, 1, "no-gifts"), (verdict.Layer, verdict.PolicyId, verdict.Version, verdict.Rule));
        await Assert.ThrowsAsync<PhoenixRefusedException>(() => _phoenix.Debits.CreateAsync(player.Id, cents, new SpendingTerms { Intent = "gift" }));

        var allowed = await _phoenix.Policies.EvaluateAsync(question with { Intent = "purchase" });
        Assert.Equal((true, cents), (allowed.IsAllowed, allowed.Verdicts.Single(row => row.LotId.Length > 0).Amount!.Value));
        await _phoenix.Debits.CreateAsync(player.Id, cents, new SpendingTerms { Intent = "purchase" });
    }
}
