using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>A write that is durable.</summary>
/// <param name="Id">Of what it made: a credit, transfer, debit or reservation; of a commit or release the reservation.</param>
/// <param name="Sequence">The tenant's own number of the transaction's first event.</param>
/// <param name="IsDuplicate">It had been applied before, under the same key.</param>
public sealed record Receipt(string Id, string TransactionId, DateTimeOffset DecidedAt, ulong Sequence, bool IsDuplicate)
{
    internal static Receipt From(Transaction from) => new(from.ResourceId, from.Id, UnixNanoseconds.ToTime(from.DecidedAtUnixNs), from.Sequence, from.Duplicate);
}
