using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Webhooks;

/// <summary>What the server does to webhooks by itself, written into the journal: so it is in the tenant's stream, and other webhooks tell of it.</summary>
internal static class WebhookNotices
{
    private const string Actor = "server";

    /// <returns>When it is durable; false = the ledger takes nothing now.</returns>
    public static async Task<bool> WriteDisabledAsync(TenantBooks books, TenantContext tenant, WebhookEndpoint endpoint, string reason)
    {
        var entry = new AdminEntry(tenant.Number, AdminAction.WebhookDisabled, Actor, reason, Key: null, Fingerprint: 0)
        {
            Name = tenant.Ids.Format(IdKind.Webhook, endpoint.Number),
            Reference = endpoint.Url,
            Texts = tenant.Texts,
        };
        return (await books.WriteAsync(entry).ConfigureAwait(false)).Result == LedgerResult.Accepted;
    }
}
