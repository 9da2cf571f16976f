using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

/// <summary>Changes of wallets and assets by gRPC.</summary>
public sealed class UpdateCallTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task A_wallet_is_renamed_and_its_metadata_are_merged_or_replaced()
    {
        var wallet = await Client.CallAsync("CreateWallet", new CreateWalletRequest { ExternalId = fixture.NewName(), Name = "Ann", MetadataJson = """{"a":1}""", HolderId = "h" }, Wallet.Parser);
        var merged = await UpdateAsync(new UpdateWalletRequest { Wallet = wallet.Id, MetadataJson = """{"b":2}""" });
        Assert.Equal(("Ann", """{"a":1,"b":2}""", "h", wallet.ExternalId, WalletStatus.Active), (merged.Name, merged.MetadataJson, merged.HolderId, merged.ExternalId, merged.Status));
        var replaced = await UpdateAsync(new UpdateWalletRequest { Wallet = wallet.Id, Name = "Bea", MetadataJson = """{"c":3}""", ReplaceMetadata = true, Policies = new BoundPolicies { Ids = { "pol_default" } } });
        Assert.Equal(("Bea", """{"c":3}"""), (replaced.Name, replaced.MetadataJson));
        Assert.Equal(["pol_default"], replaced.Policies);
        var unnamed = await UpdateAsync(new UpdateWalletRequest { Wallet = wallet.Id, Name = "", Policies = new BoundPolicies() });
        Assert.Equal(("", """{"c":3}""", 0), (unnamed.Name, unnamed.MetadataJson, unnamed.Policies.Count));
        Assert.Equal((GrpcStatusCode.NotFound, "WALLET_NOT_FOUND"), await Client.RefusalAsync("UpdateWallet", new UpdateWalletRequest { Wallet = "none", Name = "x" }));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("UpdateWallet", new UpdateWalletRequest { Wallet = wallet.Id }));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "INVALID_POLICY"), await Client.RefusalAsync("UpdateWallet", new UpdateWalletRequest { Wallet = wallet.Id, Policies = new BoundPolicies { Ids = { "pol_1" } } }));
    }

    [Fact]
    public async Task An_assets_scale_can_change_until_a_lot_is_counted_in_it()
    {
        await Client.CallAsync("CreateAsset", new CreateAssetRequest { Code = "GEM", Scale = 2, Name = "Gems" }, Asset.Parser);
        var changed = await Client.CallAsync("UpdateAsset", new UpdateAssetRequest { Code = "GEM", Scale = 0, MetadataJson = """{"a":1}""" }, Asset.Parser);
        Assert.Equal((0U, "Gems", """{"a":1}"""), (changed.Scale, changed.Name, changed.MetadataJson));
        var wallet = await Client.CreateWalletAsync(fixture.NewName(), "GEM");
        var credit = await Client.CreditAsync(wallet.Id, 5, details: true);
        Assert.Equal(0U, credit.Operations[0].Postings[0].Amount.Scale);
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "SCALE_IMMUTABLE"), await Client.RefusalAsync("UpdateAsset", new UpdateAssetRequest { Code = "GEM", Scale = 2 }));
        Assert.Equal("Jewels", (await Client.CallAsync("UpdateAsset", new UpdateAssetRequest { Code = "GEM", Scale = 0, Name = "Jewels" }, Asset.Parser)).Name);
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("UpdateAsset", new UpdateAssetRequest { Code = "GEM" }));
        Assert.Equal((GrpcStatusCode.NotFound, "ASSET_NOT_FOUND"), await Client.RefusalAsync("UpdateAsset", new UpdateAssetRequest { Code = "NONE", Name = "x" }));
    }

    private Task<Wallet> UpdateAsync(UpdateWalletRequest request) => Client.CallAsync("UpdateWallet", request, Wallet.Parser);
}
