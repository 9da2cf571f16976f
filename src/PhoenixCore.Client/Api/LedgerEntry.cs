using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>One side of a posting.</summary>
/// <param name="Amount">Always positive.</param>
/// <param name="IsReserved">It is about the wallet's reserved column, not the available one.</param>
/// <param name="BalanceAfter">Of that column.</param>
public sealed record LedgerEntry(
    string Id, string TransactionId, string WalletId, string LotId, Money Amount, bool IsDebit, bool IsReserved, Money BalanceAfter, ulong Sequence, DateTimeOffset CreatedAt, OperationType Type, string Reference)
{
    internal static LedgerEntry From(Entry from) => new(
        from.Id, from.TransactionId, from.WalletId, from.LotId, Money.From(from.Amount), from.Direction == Direction.Debit, from.Account == Column.Reserved,
        Money.From(from.BalanceAfter), from.Sequence, UnixNanoseconds.ToTime(from.CreatedAtUnixNs), from.Type, from.Reference);
}
