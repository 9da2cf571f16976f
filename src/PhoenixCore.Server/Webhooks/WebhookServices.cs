using System.Globalization;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Hosting;

namespace PhoenixCore.Server.Webhooks;

/// <summary>What all pumps share.</summary>
internal sealed class WebhookServices(EventStreams streams, EventRenderer renderer, WebhookSender sender, WebhookStore store, SecretBox secrets, ILogger log, TimeProvider time, double retryScale)
{
    public EventStreams Streams => streams;

    public EventRenderer Renderer => renderer;

    public WebhookSender Sender => sender;

    public WebhookStore Store => store;

    public SecretBox Secrets => secrets;

    public ILogger Log => log;

    public AttemptCount Attempts { get; } = new();

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Less than one only in tests: the schedule takes days.</summary>
    public double RetryScale => retryScale;

    /// <summary>Writes down that the server disabled a webhook; false = it could not be written.</summary>
    public Func<TenantContext, WebhookEndpoint, string, Task<bool>> Announce { get; init; } = (_, _, _) => Task.FromResult(false);

    /// <summary>Set by the dispatcher.</summary>
    public Action<ulong, string> Disable { get; set; } = (_, _) => { };

    /// <summary>Standard Webhooks 1.0.0, and the older signature of the raw body.</summary>
    public IReadOnlyList<(string Name, string Value)> HeadersOf(TenantContext tenant, WebhookEndpoint endpoint, SignedEvent signed, ReadOnlySpan<byte> body)
    {
        var id = signed.Number == 0 ? $"evt_test{Guid.NewGuid():N}" : tenant.Ids.Format(IdKind.Event, signed.Number);
        var seconds = Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var secret = new WebhookSecret(secrets.Open(endpoint.SealedSecret));
        var signature = secret.SignStandard(id, seconds, body);
        if (endpoint.SealedOldSecret is { } old && endpoint.OldSecretUntil > Now) signature += " " + new WebhookSecret(secrets.Open(old)).SignStandard(id, seconds, body);
        var headers = new List<(string, string)>
        {
            ("webhook-id", id),
            ("webhook-timestamp", seconds),
            ("webhook-signature", signature),
            ("X-Webhook-Signature", secret.SignBody(body)),
            ("X-Webhook-Id", id),
            ("X-Webhook-Event", signed.Type),
            ("X-Webhook-Attempt", signed.Attempt.ToString(CultureInfo.InvariantCulture)),
            ("X-Phoenix-Tenant", tenant.Name),
        };
        if (signed.Number != 0) headers.Add(("X-Phoenix-Sequence", EventSequence.Format(signed.Number)));
        if (signed.IsReplay) headers.Add(("X-Webhook-Replay", "true"));
        return headers;
    }
}
