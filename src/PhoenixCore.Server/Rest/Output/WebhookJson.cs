using System.Text;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Webhooks and their deliveries.</summary>
internal static class WebhookJson
{
    /// <param name="secret">Shown once, when it was made.</param>
    public static void Write(JsonBody to, TenantContext tenant, EndpointPump pump, WebhookSecret? secret)
    {
        var endpoint = pump.Endpoint;
        var json = to.Json;
        json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Webhook, endpoint.Number);
        json.WriteString("url"u8, endpoint.Url);
        json.WriteStartArray("events"u8);
        foreach (var name in endpoint.Events) json.WriteStringValue(name);
        json.WriteEndArray();
        if (endpoint.Wallet != 0) to.Id("wallet_id"u8, tenant, IdKind.Wallet, endpoint.Wallet);
        else json.WriteNull("wallet_id"u8);
        json.WriteString("ordering"u8, endpoint.IsOrderedByWallet ? "wallet"u8 : "none"u8);
        json.WriteString("status"u8, endpoint.Status);
        json.WriteString("disabled_reason"u8, endpoint.DisabledReason);
        if (secret != null)
        {
            json.WriteString("secret"u8, secret.Text);
            json.WriteString("standard_secret"u8, secret.StandardText);
        }

        var (position, pending, dead, lastSuccess, failures) = pump.Look(queue => (queue.Position, queue.Pending.Count(), queue.Dead.Count(), queue.LastSuccessAt, queue.FailureCount));
        json.WriteString("next_sequence"u8, EventSequence.Format(position));
        json.WriteNumber("pending"u8, pending);
        json.WriteNumber("failed"u8, dead);
        json.WriteNumber("failure_count"u8, failures);
        Time(to, "last_success_at"u8, lastSuccess);
        to.Raw("metadata"u8, Encoding.UTF8.GetBytes(endpoint.Metadata));
        Time(to, "created_at"u8, endpoint.CreatedAt);
        Time(to, "updated_at"u8, endpoint.UpdatedAt);
        json.WriteEndObject();
    }

    public static void Write(JsonBody to, TenantContext tenant, Delivery delivery, bool isDead)
    {
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Delivery, delivery.Event);
        to.Id("event_id"u8, tenant, IdKind.Event, delivery.Event);
        to.Json.WriteString("sequence"u8, EventSequence.Format(delivery.Event));
        to.Json.WriteString("status"u8, isDead ? "failed"u8 : "pending"u8);
        to.Json.WriteNumber("attempts"u8, delivery.Failed);
        to.Json.WriteBoolean("replay"u8, delivery.IsReplay);
        to.Json.WriteString("last_error"u8, delivery.LastError);
        Time(to, "last_attempt_at"u8, delivery.LastAttemptAt);
        Time(to, "next_attempt_at"u8, isDead ? null : delivery.DueAt);
        to.Json.WriteEndObject();
    }

    public static void Write(JsonBody to, Attempt attempt)
    {
        to.Json.WriteStartObject();
        to.Json.WriteBoolean("delivered"u8, attempt.Error is null);
        to.Json.WriteNumber("status_code"u8, attempt.Status);
        to.Json.WriteString("error"u8, attempt.Error);
        to.Json.WriteString("answer"u8, attempt.Answer);
        to.Json.WriteNumber("milliseconds"u8, (long)attempt.Took.TotalMilliseconds);
        to.Json.WriteEndObject();
    }

    private static void Time(JsonBody to, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known) to.Time(name, UnixTime.Of(known));
        else to.Json.WriteNull(name);
    }
}
