using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>An operation as the ledger booked it.</summary>
/// <param name="Id">Of the credit, transfer, debit or reservation.</param>
public sealed record Booking(
    string Id, OperationType Type, string TransactionId, DateTimeOffset CreatedAt, ulong Sequence, string Reference, string MetadataJson, IReadOnlyList<Posting> Postings)
{
    internal static Booking From(Operation from, string transaction, long createdAt, ulong sequence) => new(
        from.Id, from.Type, transaction, UnixNanoseconds.ToTime(createdAt), sequence, from.Reference, from.MetadataJson, [.. from.Postings.Select(Posting.From)]);
}
