using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Webhooks;

/// <summary>An event's body as it is delivered. Any thread.</summary>
internal sealed class EventRenderer(RenderScope scope)
{
    public async ValueTask<RenderedEvent> RenderAsync(TenantContext tenant, bool isConcepts, EventReader reader, LedgerEvent found)
    {
        await scope.KnowAssetsAsync(tenant, reader.FactBytes).ConfigureAwait(false);
        var body = JsonBody.Start(isConcepts ? Dialect.Concepts : Dialect.Reference);
        EventJson.Write(body, scope, tenant, found, reader.Fact);
        return new RenderedEvent(EventNames.Of(found.Kind), body.Written().ToArray());
    }
}
