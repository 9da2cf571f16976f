using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>Events that are sent to an address.</summary>
/// <param name="Events">Types, or *.</param>
/// <param name="WalletId">Only events about this wallet; empty = all.</param>
/// <param name="DisabledReason">Why the server disabled it; empty = it did not.</param>
/// <param name="MetadataJson">JSON object.</param>
/// <param name="NextSequence">The first event that was not looked at yet.</param>
/// <param name="FailureCount">Failures since the last success.</param>
/// <param name="Secret">Only in the answer that made it; else empty.</param>
/// <param name="StandardSecret">The same in the form that libraries for Standard Webhooks take.</param>
public sealed record Webhook(
    string Id, string Url, IReadOnlyList<string> Events, string WalletId, WebhookOrdering Ordering, WebhookStatus Status, string DisabledReason, string MetadataJson, ulong NextSequence,
    int Pending, int Failed, int FailureCount, DateTimeOffset? LastSuccessAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string Secret, string StandardSecret)
{
    internal static Webhook From(Contracts.V1.Webhook from) => new(
        from.Id, from.Url, [.. from.Events], from.WalletId, from.Ordering, from.Status, from.DisabledReason, from.MetadataJson, from.NextSequence,
        (int)from.Pending, (int)from.Failed, (int)from.FailureCount, UnixNanoseconds.ToOptionalTime(from.LastSuccessAtUnixNs),
        UnixNanoseconds.ToTime(from.CreatedAtUnixNs), UnixNanoseconds.ToTime(from.UpdatedAtUnixNs), from.Secret, from.StandardSecret);
}
