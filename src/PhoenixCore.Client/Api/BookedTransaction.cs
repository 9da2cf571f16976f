using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>A transaction with all that it booked.</summary>
public sealed record BookedTransaction(string Id, DateTimeOffset DecidedAt, ulong Sequence, IReadOnlyList<Booking> Operations)
{
    internal static BookedTransaction From(Transaction from) => new(
        from.Id, UnixNanoseconds.ToTime(from.DecidedAtUnixNs), from.Sequence, [.. from.Operations.Select(operation => Booking.From(operation, from.Id, from.DecidedAtUnixNs, from.Sequence))]);
}
