using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Which lots of a wallet are wanted.</summary>
/// <param name="Asset">Null = every asset.</param>
/// <param name="State">Null = lots that hold something.</param>
/// <param name="HasBalance">Only those with something available.</param>
/// <param name="ExpiringBefore">Unix nanoseconds; 0 = not asked. Lots that never expire are not among them.</param>
/// <param name="Attributes">Members that the attributes must all have, with their values as text.</param>
internal sealed record LotFilter(string? Asset, LotState? State, bool HasBalance, long ExpiringBefore, IReadOnlyList<(string Key, string Value)> Attributes)
{
    /// <summary>Splits <c>key:value</c> at the first colon; null when there is none, or no key.</summary>
    public static (string Key, string Value)? AttributeOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (text[..colon], text[(colon + 1)..]) : null;
    }

    /// <summary>All but the attributes, which do not stand in the view.</summary>
    public bool Fits(in LotView lot)
    {
        if (HasBalance && lot.Available <= 0) return false;
        if (ExpiringBefore != 0 && (lot.ExpiresAt == 0 || lot.ExpiresAt >= ExpiringBefore)) return false;
        return State is not { } wanted || StateOf(lot) == wanted;
    }

    /// <summary>A mark for cursors: pages of one list have one filter.</summary>
    public string Mark => $"{State}|{HasBalance}|{ExpiringBefore}|{string.Join('|', Attributes)}";

    private static LotState StateOf(in LotView lot) =>
        lot.Expired ? LotState.Expired : lot.Available + lot.Reserved == 0 && !lot.Pooled ? LotState.Depleted : LotState.Active;
}
