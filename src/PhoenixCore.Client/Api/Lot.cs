namespace PhoenixCore.Client.Api;

/// <param name="Initial">What came into it.</param>
/// <param name="ExpiresAt">Null = never.</param>
public sealed record Lot(string Id, string WalletId, Money Available, Money Reserved, Money Initial, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, bool IsExpired, bool IsPooled)
{
    internal static Lot From(Contracts.V1.Lot from) => new(
        from.Id, from.WalletId, Money.From(from.Available), Money.From(from.Reserved), Money.From(from.Initial),
        UnixNanoseconds.ToOptionalTime(from.ExpiresAtUnixNs), UnixNanoseconds.ToTime(from.CreatedAtUnixNs), from.Expired, from.Pooled);
}
