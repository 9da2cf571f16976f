namespace PhoenixCore.Ledger.Policies;

/// <summary>The first denial that an operation met. A copy: what it came from may be undone.</summary>
internal unsafe struct PolicyRefusal
{
    public bool IsGiven;
    public RefusedItem Item;
    public fixed byte Rule[PolicyLimits.RuleIdBytesMax];

    public void Set(ulong policy, int version, int layer, ulong lot, ReadOnlySpan<byte> rule)
    {
        IsGiven = true;
        Item = new RefusedItem { Policy = policy, Version = version, Layer = layer, Lot = lot, RuleBytes = rule.Length };
        fixed (byte* to = Rule) rule.CopyTo(new Span<byte>(to, PolicyLimits.RuleIdBytesMax));
    }
}
