using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.Policies;

namespace PhoenixCore.Server.Grpc.Rendering;

/// <summary>Renders rows of the live state.</summary>
internal static class StateRenderer
{
    /// <param name="rows">Of a ReadWallet.</param>
    /// <param name="texts">Of the fact that made it.</param>
    public static Wallet WalletOf(TenantContext tenant, ReadOnlySpan<byte> rows, byte[] texts)
    {
        var view = MemoryMarshal.Read<WalletView>(rows);
        var wallet = WalletOf(tenant, view, texts);
        foreach (ref readonly var balance in ReadRows.After<WalletView, BalanceView>(rows)[..view.Balances]) wallet.Balances.Add(BalanceOf(balance));
        return wallet;
    }

    public static Wallet WalletOf(TenantContext tenant, in WalletView view, byte[] texts)
    {
        var wallet = FieldsOf(tenant, view, texts);
        AddPolicies(wallet.Policies, tenant, view.Policies);
        return wallet;
    }

    private static unsafe void AddPolicies(Google.Protobuf.Collections.RepeatedField<string> to, TenantContext tenant, PolicyList policies)
    {
        for (var i = 0; i < policies.Count; i++) to.Add(PolicyIds.Format(tenant, policies.Numbers[i]));
    }

    private static Wallet FieldsOf(TenantContext tenant, in WalletView view, byte[] texts) => new()
    {
        Id = tenant.Ids.Format(IdKind.Wallet, view.Number),
        ExternalId = WireValues.TextOf(texts, ExtraTag.ExternalId),
        Status = WireValues.StatusOf(view.Status),
        Pooled = view.Pooled,
        DefaultAsset = view.DefaultAsset == 0 ? "" : AssetCode.Unpack(view.DefaultAsset),
        Name = WireValues.TextOf(texts, ExtraTag.Name),
        HolderId = WireValues.TextOf(texts, ExtraTag.HolderId),
        MetadataJson = WireValues.TextOf(texts, ExtraTag.Metadata),
        CreatedAtUnixNs = view.CreatedAt,
        UpdatedAtUnixNs = view.UpdatedAt,
    };

    public static Asset AssetOf(TenantContext tenant, in AssetView view, byte[] texts)
    {
        var asset = FieldsOf(view, texts);
        AddPolicies(asset.Policies, tenant, view.Policies);
        return asset;
    }

    private static Asset FieldsOf(in AssetView view, byte[] texts) => new()
    {
        Code = AssetCode.Unpack(view.Code),
        Scale = (uint)view.Scale,
        ScaleFixed = view.IsScaleFixed,
        Status = view.Active ? AssetStatus.Active : AssetStatus.Inactive,
        Name = WireValues.TextOf(texts, ExtraTag.Name),
        MetadataJson = WireValues.TextOf(texts, ExtraTag.Metadata),
        CreatedAtUnixNs = view.CreatedAt,
    };

    /// <param name="factOf">Facts that have its texts.</param>
    public static Lot LotOf(TenantContext tenant, in LotView view, Func<ulong, byte[]?> factOf)
    {
        var lot = LotOf(tenant, view);
        lot.AttributesJson = Encoding.UTF8.GetString(LotTexts.Find(factOf, view.TermsSource, ExtraTag.Attributes) ?? []);
        lot.RestrictionsJson = Encoding.UTF8.GetString(LotTexts.Find(factOf, view.TermsSource, ExtraTag.Restrictions) ?? []);
        return lot;
    }

    private static Lot LotOf(TenantContext tenant, in LotView view)
    {
        var asset = AssetCode.Unpack(view.Asset);
        return new Lot
        {
            Id = tenant.Ids.Format(IdKind.Lot, view.Number),
            WalletId = tenant.Ids.Format(IdKind.Wallet, view.Wallet),
            Available = WireValues.AmountOf(view.Available, asset, view.Scale),
            Reserved = WireValues.AmountOf(view.Reserved, asset, view.Scale),
            Initial = WireValues.AmountOf(view.Initial, asset, view.Scale),
            ExpiresAtUnixNs = view.ExpiresAt,
            CreatedAtUnixNs = view.CreatedAt,
            Expired = view.Expired,
            Pooled = view.Pooled,
            FromTransfer = view.FromTransfer,
            PolicyId = view.Policy == 0 ? "" : PolicyIds.Format(tenant, view.Policy),
            PolicyVersion = (uint)view.PolicyVersion,
            WageringRemaining = view.Wagering == 0 ? null : WireValues.AmountOf(view.Wagering, asset, view.Scale),
        };
    }

    /// <summary>Of the past: without bounds, lifetime and lots.</summary>
    public static Balance PastBalanceOf(in BalanceView view)
    {
        var (asset, scale) = (AssetCode.Unpack(view.Asset), view.Scale);
        return new Balance
        {
            Available = WireValues.AmountOf(view.Available, asset, scale),
            Reserved = WireValues.AmountOf(view.Reserved, asset, scale),
            Total = WireValues.AmountOf(view.Available + view.Reserved, asset, scale),
        };
    }

    private static Balance BalanceOf(in BalanceView view)
    {
        var (asset, scale) = (AssetCode.Unpack(view.Asset), view.Scale);
        var balance = new Balance
        {
            Available = WireValues.AmountOf(view.Available, asset, scale),
            Reserved = WireValues.AmountOf(view.Reserved, asset, scale),
            Total = WireValues.AmountOf(view.Available + view.Reserved, asset, scale),
            Lifetime = WireValues.AmountOf(view.Lifetime, asset, scale),
            Lots = (uint)view.Lots,
        };
        if (view.Floor > -LedgerLimits.UnitsMax) balance.Floor = WireValues.AmountOf(view.Floor, asset, scale);
        if (view.Ceiling < LedgerLimits.UnitsMax) balance.Ceiling = WireValues.AmountOf(view.Ceiling, asset, scale);
        return balance;
    }
}
