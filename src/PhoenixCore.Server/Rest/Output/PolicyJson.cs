using System.Text.Json;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.Policies;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Policies: what their authors wrote, and what became of it.</summary>
internal static unsafe class PolicyJson
{
    /// <summary>A version as it was put.</summary>
    public static void WritePut(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        var body = part.Body<PolicyPutBody>();
        to.Json.WriteStartObject();
        WriteHead(to, tenant, body.Number, body.Version);
        if (body.Version == 1) WriteStatus(to, PolicyStatus.Active); // a later version keeps the status, which its fact does not know
        WriteSource(to, Extras.TryFind(part.Extras, ExtraTag.PolicySource, out var source) ? source : "{}"u8);
        to.Time("created_at"u8, body.Version == 1 ? context.Stamp : MadeAt(scope, tenant, body.Number, context.Stamp));
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    public static void WriteStatus(JsonBody to, TenantContext tenant, in FactPart part, in FactContext context)
    {
        var body = part.Body<PolicyStatusSetBody>();
        to.Json.WriteStartObject();
        to.Json.WriteString("id"u8, PolicyIds.Format(tenant, body.Number));
        to.Json.WriteString("tenant_id"u8, tenant.Name);
        WriteStatus(to, body.Status);
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    /// <summary>What changed, without the rules: they may be long.</summary>
    public static void WriteChange(JsonBody to, TenantContext tenant, in FactPart part, in FactContext context)
    {
        if (part.Kind == PartKind.PolicyStatusSet)
        {
            WriteStatus(to, tenant, part, context);
            return;
        }

        to.Json.WriteStartObject();
        WriteHead(to, tenant, part.Body<PolicyPutBody>().Number, part.Body<PolicyPutBody>().Version);
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    /// <summary>A lot that has nothing left to be wagered, and the policy that it has now.</summary>
    /// <param name="index">Which of those that the part frees.</param>
    public static void WriteFreed(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, int index)
    {
        var items = part.PolicyItems;
        for (var found = items.TryFind(PolicyItemKind.LotSwitched); found && index > 0; index--) found = items.TryFind(PolicyItemKind.LotSwitched);
        ref readonly var freed = ref items.As<LotSwitchedItem>();
        to.Json.WriteStartObject();
        to.Id("lot_id"u8, tenant, IdKind.Lot, freed.Lot);
        to.Asset(scope.Asset(tenant, part.Postings[0].Asset));
        to.Json.WriteString("policy_id"u8, PolicyIds.Format(tenant, freed.Policy));
        to.Json.WriteNumber("policy_version"u8, freed.Version);
        to.Json.WriteEndObject();
    }

    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, in PolicyView view)
    {
        to.Json.WriteStartObject();
        WriteHead(to, tenant, view.Number, view.Version);
        to.Json.WriteNumber("latest_version"u8, view.LatestVersion);
        WriteStatus(to, view.Status);
        WriteSource(to, view.Number == PolicyLimits.DefaultNumber ? """{"name":"default"}"""u8 : SourceOf(scope, tenant, view));
        to.Time("created_at"u8, view.CreatedAt);
        to.Time("updated_at"u8, view.UpdatedAt);
        to.Time("version_created_at"u8, view.VersionCreatedAt);
        to.Json.WriteEndObject();
    }

    /// <summary>The source that the version's fact carries.</summary>
    public static ReadOnlySpan<byte> SourceOf(RenderScope scope, TenantContext tenant, in PolicyView view)
    {
        fixed (byte* payload = scope.Older(tenant, view.TextSequence, out _))
        {
            if (payload == null) throw new InvariantBrokenException("a policy's fact is not in the journal");
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.PolicyPut && part.Body<PolicyPutBody>().Number == view.Number && part.Body<PolicyPutBody>().Version == view.Version
                    && Extras.TryFind(part.Extras, ExtraTag.PolicySource, out var source)) return source;
            }
        }

        return "{}"u8;
    }

    public static void WriteList(JsonBody to, TenantContext tenant, PolicyList policies)
    {
        to.Json.WriteStartArray("policies"u8);
        for (var i = 0; i < policies.Count; i++) to.Json.WriteStringValue(PolicyIds.Format(tenant, policies.Numbers[i]));
        to.Json.WriteEndArray();
    }

    /// <summary>The list that a part binds; none when it binds none.</summary>
    public static PolicyList BoundBy(in FactPart part)
    {
        PolicyList list = default;
        var items = part.PolicyItems;
        if (!items.TryFind(PolicyItemKind.Bound)) return list;
        ref readonly var bound = ref items.As<BoundItem>();
        list.Count = bound.Count;
        for (var i = 0; i < bound.Count; i++) list.Numbers[i] = bound.Policies[i];
        return list;
    }

    /// <summary>The policy that a credit's lot got.</summary>
    public static void WriteOfLot(JsonBody to, TenantContext tenant, in FactPart part)
    {
        var items = part.PolicyItems;
        if (!items.TryFind(PolicyItemKind.LotGoverned))
        {
            to.Json.WriteNull("policy_id"u8);
            return;
        }

        to.Json.WriteString("policy_id"u8, PolicyIds.Format(tenant, items.As<LotGovernedItem>().Policy));
        to.Json.WriteNumber("policy_version"u8, items.As<LotGovernedItem>().Version);
    }

    private static void WriteHead(JsonBody to, TenantContext tenant, ulong number, int version)
    {
        to.Json.WriteString("id"u8, PolicyIds.Format(tenant, number));
        to.Json.WriteString("tenant_id"u8, tenant.Name);
        to.Json.WriteNumber("version"u8, version);
    }

    private static void WriteStatus(JsonBody to, PolicyStatus status)
    {
        switch (status)
        {
            case PolicyStatus.Active: to.Status("active"u8, "ACTIVE"u8); break;
            case PolicyStatus.Deprecated: to.Status("deprecated"u8, "DEPRECATED"u8); break;
            case PolicyStatus.Inactive: to.Status("inactive"u8, "INACTIVE"u8); break;
        }
    }

    private static void WriteSource(JsonBody to, ReadOnlySpan<byte> source)
    {
        var reader = new Utf8JsonReader(source);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        foreach (var name in (ReadOnlySpan<string>)["name", "operations", "intents", "rules", "consumption", "expiry", "overcapture", "metadata"])
        {
            to.Json.WritePropertyName(name);
            if (root.TryGetProperty(name, out var member)) member.WriteTo(to.Json);
            else if (name is "operations" or "intents" or "rules") to.Json.WriteRawValue("[]", skipInputValidation: true);
            else if (name == "metadata") to.Json.WriteRawValue("{}", skipInputValidation: true);
            else to.Json.WriteNullValue();
        }
    }

    private static long MadeAt(RenderScope scope, TenantContext tenant, ulong number, long otherwise) =>
        scope.Older(tenant, Numbers.SequenceOf(number), out var made).IsEmpty ? otherwise : made.Stamp;
}
