using System.Buffers.Binary;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Wallets, balances, bounds.</summary>
internal static unsafe class WalletJson
{
    private static readonly string[] BornWithTenant = ["", "system:liability", "system:consumption", "system:breakage", "system:adjustment", "house_wallet"];

    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, in WalletView view) =>
        Write(to, scope, tenant, view.Number, view.Status, view.DefaultAsset == 0 ? null : AssetCode.Unpack(view.DefaultAsset), view.CreatedAt, view.UpdatedAt, view.System, view.Policies, view.TextSequence);

    /// <summary>As it was made.</summary>
    public static void WriteCreated(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        ref readonly var body = ref part.Body<WalletCreatedBody>();
        WriteFields(to, tenant, body.Number, WalletStatus.Active, body.DefaultAsset == 0 ? null : scope.Asset(tenant, body.DefaultAsset).Code, context.Stamp, context.Stamp, isSystem: false, body.Pooled != 0, part.Extras, part.Extras, PolicyJson.BoundBy(part));
    }

    /// <summary>As it is after a change of its status: a retry that comes later answers the same.</summary>
    public static void WriteStatus(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        var body = part.Body<WalletStatusSetBody>();
        var texts = Extras.TryFind(part.Extras, ExtraTag.TextsAt, out var at) ? BinaryPrimitives.ReadUInt64LittleEndian(at) : Numbers.SequenceOf(body.Number);
        Write(to, scope, tenant, body.Number, body.Status, null, 0, context.Stamp, isSystem: false, policies: null, texts);
    }

    /// <summary>As it is after its name, metadata or policies were changed.</summary>
    public static void WriteUpdated(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        var body = part.Body<WalletUpdatedBody>();
        Write(to, scope, tenant, body.Number, body.Status, null, 0, context.Stamp, isSystem: false, PolicyJson.BoundBy(part), body.Texts);
    }

    /// <summary>As it is after its policies were set.</summary>
    public static void WriteBound(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context) =>
        Write(to, scope, tenant, part.Body<PoliciesBoundBody>().Number, null, null, 0, context.Stamp, isSystem: false, PolicyJson.BoundBy(part), Numbers.SequenceOf(part.Body<PoliciesBoundBody>().Number));

    public static void WriteBounds(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        var body = part.Body<BoundsSetBody>();
        var asset = scope.Asset(tenant, body.Asset);
        to.Json.WriteStartObject();
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, body.Wallet);
        to.Asset(asset);
        WriteBounds(to, body.Floor, body.Ceiling, asset.Scale);
        to.Scale(asset);
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    public static void WriteBalance(JsonBody to, in BalanceView view)
    {
        to.Json.WriteStartObject();
        WriteAmounts(to, view);
        WriteBounds(to, view.Floor, view.Ceiling, view.Scale);
        to.Json.WriteEndObject();
    }

    /// <summary>The members that a balance of the past has too; the caller opens and closes the object.</summary>
    public static void WriteAmounts(JsonBody to, in BalanceView view)
    {
        to.Asset(new AssetInfo(0, AssetCode.Unpack(view.Asset), view.Scale));
        to.Amount("available"u8, "available_minor"u8, view.Available, view.Scale);
        to.Amount("reserved"u8, "reserved_minor"u8, view.Reserved, view.Scale);
        to.Amount("total"u8, "total_minor"u8, view.Available + view.Reserved, view.Scale);
        if (to.IsConcepts)
        {
            to.DecimalAmount("available_decimal"u8, view.Available, view.Scale);
            to.DecimalAmount("reserved_decimal"u8, view.Reserved, view.Scale);
            to.DecimalAmount("total_decimal"u8, view.Available + view.Reserved, view.Scale);
        }

        to.Json.WriteNumber("scale"u8, view.Scale);
    }

    /// <summary>Null stands for "none": no ceiling, and the system's missing floor.</summary>
    private static void WriteBounds(JsonBody to, Int128 floor, Int128 ceiling, int scale)
    {
        if (floor == -LedgerLimits.UnitsMax) to.Json.WriteNull("floor"u8);
        else to.Amount("floor"u8, "floor_minor"u8, floor, scale);
        if (ceiling == LedgerLimits.UnitsMax) to.Json.WriteNull("ceiling"u8);
        else to.Amount("ceiling"u8, "ceiling_minor"u8, ceiling, scale);
    }

    /// <summary>External id and holder come from the fact that made the wallet; so does what is not given here.</summary>
    /// <param name="texts">Sequence of the fact that holds name and metadata.</param>
    private static void Write(
        JsonBody to, RenderScope scope, TenantContext tenant, ulong number, WalletStatus? status, string? defaultAsset, long createdAt, long updatedAt, bool isSystem, PolicyList? policies, ulong texts)
    {
        var updated = texts == Numbers.SequenceOf(number) ? null : scope.TextsOfUpdate(tenant, texts);
        fixed (byte* payload = scope.Older(tenant, Numbers.SequenceOf(number), out var made))
        {
            if (payload == null) throw new InvariantBrokenException("a wallet's fact is not in the journal");
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.TenantCreated)
                {
                    WriteFields(to, tenant, number, status, defaultAsset, made.Stamp, updatedAt, isSystem, pooled: true, default, updated, policies);
                    return;
                }

                if (part.Kind != PartKind.WalletCreated || part.Body<WalletCreatedBody>().Number != number) continue;
                var body = part.Body<WalletCreatedBody>();
                if (defaultAsset == null && createdAt == 0 && body.DefaultAsset != 0) defaultAsset = scope.Asset(tenant, body.DefaultAsset).Code;
                WriteFields(to, tenant, number, status, defaultAsset, made.Stamp, updatedAt, isSystem, body.Pooled != 0, part.Extras, updated ?? part.Extras, policies);
                return;
            }
        }

        throw new InvariantBrokenException("a wallet's fact does not hold it");
    }

    /// <param name="texts">Those that have name and metadata.</param>
    /// <param name="status">Null: the change that is shown does not say.</param>
    /// <param name="policies">The same.</param>
    private static void WriteFields(
        JsonBody to, TenantContext tenant, ulong number, WalletStatus? status, string? defaultAsset, long createdAt, long updatedAt, bool isSystem, bool pooled, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> texts, PolicyList? policies)
    {
        var json = to.Json;
        json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Wallet, number);
        json.WriteString("tenant_id"u8, tenant.Name);
        if (Extras.TryFind(extras, ExtraTag.ExternalId, out var externalId)) to.Text("external_id"u8, externalId);
        else json.WriteString("external_id"u8, BornWithTenant[Math.Min(Numbers.OrdinalOf(number), BornWithTenant.Length - 1)]);
        Texts.Write(to, "name"u8, texts, ExtraTag.Name);
        Texts.Write(to, "holder_id"u8, extras, ExtraTag.HolderId);
        json.WriteString("currency"u8, defaultAsset);
        if (status is { } known) json.WriteString("status"u8, known switch
        {
            WalletStatus.Active => "active"u8,
            WalletStatus.Frozen => "frozen"u8,
            WalletStatus.Closed => "closed"u8,
        });
        json.WriteBoolean("pooled"u8, pooled);
        if (isSystem) json.WriteBoolean("is_system"u8, true);
        if (policies is { } list) PolicyJson.WriteList(to, tenant, list);
        Texts.WriteJson(to, "metadata"u8, texts, ExtraTag.Metadata);
        to.Time("created_at"u8, createdAt);
        to.Time("updated_at"u8, updatedAt);
        json.WriteEndObject();
    }
}
