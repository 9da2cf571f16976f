using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Assets.</summary>
internal static unsafe class AssetJson
{
    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, in AssetView view, bool isActive)
    {
        fixed (byte* payload = scope.Older(tenant, view.TextSequence, out _))
        {
            if (payload == null) throw new InvariantBrokenException("an asset's fact is not in the journal");
            foreach (var part in new FactParts(payload))
            {
                var isOf = part.Kind == PartKind.AssetUpdated || (part.Kind == PartKind.AssetCreated && part.Body<AssetCreatedBody>().Code == view.Code);
                if (!isOf) continue;
                WriteFields(to, tenant, view.Code, view.Scale, part.Extras, isActive, view.CreatedAt, view.Policies);
                return;
            }
        }

        throw new InvariantBrokenException("an asset's fact does not hold it");
    }

    public static void WriteCreated(JsonBody to, TenantContext tenant, in FactPart part, in FactContext context)
    {
        var body = part.Body<AssetCreatedBody>();
        WriteFields(to, tenant, body.Code, body.Scale, part.Extras, isActive: true, context.Stamp, default);
    }

    /// <summary>As it is after its name, metadata or scale were changed.</summary>
    public static void WriteUpdated(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part)
    {
        var body = part.Body<AssetUpdatedBody>();
        scope.Older(tenant, body.Made, out var made);
        WriteFields(to, tenant, body.Code, body.Scale, TextsAt(scope, tenant, body), body.Active != 0, made.Stamp, PolicyJson.BoundBy(part));
    }

    private static byte[] TextsAt(RenderScope scope, TenantContext tenant, AssetUpdatedBody body)
    {
        fixed (byte* payload = scope.Older(tenant, body.Texts, out _))
        {
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.AssetUpdated || (part.Kind == PartKind.AssetCreated && part.Body<AssetCreatedBody>().Code == body.Code)) return part.Extras.ToArray();
            }
        }

        return [];
    }

    /// <summary>The policies that an asset has from now on.</summary>
    public static void WriteBound(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        to.Json.WriteStartObject();
        to.Json.WriteString("code"u8, scope.Asset(tenant, part.Body<PoliciesBoundBody>().Handle).Code);
        PolicyJson.WriteList(to, tenant, PolicyJson.BoundBy(part));
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    private static void WriteFields(JsonBody to, TenantContext tenant, UInt128 packed, int scale, ReadOnlySpan<byte> texts, bool isActive, long createdAt, PolicyList policies)
    {
        var code = AssetCode.Unpack(packed);
        to.Json.WriteStartObject();
        to.Json.WriteString("code"u8, code);
        to.Json.WriteString("tenant_id"u8, tenant.Name);
        if (Extras.TryFind(texts, ExtraTag.Name, out var name)) to.Text("name"u8, name);
        else to.Json.WriteString("name"u8, code);
        to.Json.WriteNumber("scale"u8, scale);
        if (isActive) to.Status("active"u8, "ACTIVE"u8);
        else to.Status("inactive"u8, "INACTIVE"u8);
        PolicyJson.WriteList(to, tenant, policies);
        Texts.WriteJson(to, "metadata"u8, texts, ExtraTag.Metadata);
        to.Time("created_at"u8, createdAt);
        to.Json.WriteEndObject();
    }
}
