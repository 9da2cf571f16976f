using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>An event on its way to a webhook, or given up.</summary>
/// <param name="Sequence">The tenant's own number of the event.</param>
/// <param name="Attempts">That failed.</param>
/// <param name="LastError">Empty = none yet.</param>
/// <param name="NextAttemptAt">Null of one that was given up.</param>
public sealed record Delivery(
    string Id, string EventId, ulong Sequence, DeliveryStatus Status, int Attempts, bool IsReplay, string LastError, DateTimeOffset? LastAttemptAt, DateTimeOffset? NextAttemptAt)
{
    internal static Delivery From(Contracts.V1.Delivery from) => new(
        from.Id, from.EventId, from.Sequence, from.Status, (int)from.Attempts, from.Replay, from.LastError,
        UnixNanoseconds.ToOptionalTime(from.LastAttemptAtUnixNs), UnixNanoseconds.ToOptionalTime(from.NextAttemptAtUnixNs));
}
