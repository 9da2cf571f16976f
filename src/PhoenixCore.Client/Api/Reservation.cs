using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <param name="Committed">Null while it is pending, like all that follows.</param>
/// <param name="Released">What went back, also by expiry.</param>
public sealed record Reservation(
    string Id, string WalletId, Money Amount, ReservationStatus Status, DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt, string Reference, string MetadataJson,
    Money? Committed, Money? Released, DateTimeOffset? EndedAt)
{
    internal static Reservation From(Contracts.V1.Reservation from) => new(
        from.Id, from.WalletId, Money.From(from.Amount), from.Status, UnixNanoseconds.ToTime(from.ExpiresAtUnixNs), UnixNanoseconds.ToTime(from.CreatedAtUnixNs), from.Reference, from.MetadataJson,
        Money.FromOptional(from.CommittedAmount), Money.FromOptional(from.ReleasedAmount), UnixNanoseconds.ToOptionalTime(from.EndedAtUnixNs));
}
