using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Facts;

internal sealed unsafe partial class Applier
{
    private void UpdateWallet(PartHeader* part, WalletUpdatedBody* body, in FactContext context)
    {
        var wallet = _state.Wallets.Write(body->Handle);
        Invariant.That(wallet->Number == body->Number && wallet->Status == body->Status);
        wallet->TextSequence = body->Texts;
        wallet->UpdatedAt = context.Stamp;
        Bind(part, body->Handle);
    }

    /// <summary>A new scale finds no lots and no bounds: nothing was counted in the old one.</summary>
    private void UpdateAsset(PartHeader* part, AssetUpdatedBody* body)
    {
        var asset = _state.Assets.Write(body->Handle);
        Invariant.That(asset->Code == body->Code);
        Invariant.That(asset->Scale == body->Scale || !IsScaleFixed(_state, asset));
        asset->Scale = body->Scale;
        asset->TextSequence = body->Texts;
        asset->Binding = SetBinding(part, asset->Binding);
    }

    /// <summary>Something was counted in the asset's smallest units: a lot was made, or a bound set.</summary>
    internal static bool IsScaleFixed(LedgerState state, AssetRow* asset) => asset->IsBounded != 0 || state.Accounts.Read(asset->Liability)->LastEntry != 0;
}
