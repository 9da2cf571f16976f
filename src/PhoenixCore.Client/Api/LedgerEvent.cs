using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>Something that happened, durable before it is told. The same event may come twice: drop what you have seen by <paramref name="Sequence"/>.</summary>
/// <param name="Sequence">From 1, without gaps in the tenant.</param>
/// <param name="WalletId">Empty for events of assets.</param>
/// <param name="Amount">What moved; null where no money did.</param>
/// <param name="DataJson">The event's data as in GET /v1/events.</param>
public sealed record LedgerEvent(string Id, string Type, ulong Sequence, string WalletId, string TransactionId, DateTimeOffset CreatedAt, Money? Amount, Money? BalanceAfter, string DataJson)
{
    internal static LedgerEvent From(Event from) => new(
        from.Id, from.Type, from.Sequence, from.WalletId, from.TransactionId, UnixNanoseconds.ToTime(from.CreatedAtUnixNs),
        Money.FromOptional(from.Amount), Money.FromOptional(from.BalanceAfter), from.DataJson);
}
