namespace PhoenixCore.Client.Api;

/// <param name="Initial">What came into it.</param>
/// <param name="ExpiresAt">Null = never.</param>
public sealed record Lot(string Id, string WalletId, Money Available, Money Reserved, Money Initial, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, bool IsExpired, bool IsPooled)
{
    /// <summary>JSON object; empty = none.</summary>
    public string AttributesJson { get; private init; } = "";

    /// <summary>JSON array of rules; empty = none.</summary>
    public string RestrictionsJson { get; private init; } = "";

    /// <summary>Empty = none.</summary>
    public string PolicyId { get; private init; } = "";

    /// <summary>That the lot is pinned at; 0 = none.</summary>
    public int PolicyVersion { get; private init; }

    /// <summary>Still to be wagered before the lot is free; null = nothing.</summary>
    public Money? WageringRemaining { get; private init; }

    internal static Lot From(Contracts.V1.Lot from) => new(
        from.Id, from.WalletId, Money.From(from.Available), Money.From(from.Reserved), Money.From(from.Initial),
        UnixNanoseconds.ToOptionalTime(from.ExpiresAtUnixNs), UnixNanoseconds.ToTime(from.CreatedAtUnixNs), from.Expired, from.Pooled)
    {
        AttributesJson = from.AttributesJson,
        RestrictionsJson = from.RestrictionsJson,
        PolicyId = from.PolicyId,
        PolicyVersion = (int)from.PolicyVersion,
        WageringRemaining = Money.FromOptional(from.WageringRemaining),
    };
}
