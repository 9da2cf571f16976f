using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>A fact as the resource that a route promises. The same fact gives the same bytes, so a replay does.</summary>
internal static unsafe class FactJson
{
    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, FactShape shape, ReadOnlySpan<byte> fact, in FactContext context)
    {
        fixed (byte* payload = fact)
        {
            var parts = new FactParts(payload);
            switch (shape)
            {
                case FactShape.TransferLegs: MoneyJson.WriteLegs(to, scope, tenant, parts, context); break;
                case FactShape.Transfer: MoneyJson.WriteTransfer(to, scope, tenant, parts.First, 0, context); break;
                case FactShape.Transaction: TransactionJson.Write(to, scope, tenant, parts, context); break;
                case FactShape.Batch: WriteBatch(to, scope, tenant, parts, context); break;
                case FactShape.Resource: WritePart(to, scope, tenant, parts.First, 0, context); break;
            }
        }
    }

    /// <summary>A part as the resource it made or changed; nothing for parts that are none.</summary>
    public static void WritePart(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, int index, in FactContext context)
    {
        switch (part.Kind)
        {
            case PartKind.Credited: MoneyJson.WriteCredit(to, scope, tenant, part, index, context); break;
            case PartKind.Transferred or PartKind.TransferredInto: MoneyJson.WriteTransfer(to, scope, tenant, part, index, context); break;
            case PartKind.Debited: MoneyJson.WriteDebit(to, scope, tenant, part, index, context); break;
            case PartKind.Reserved: ReservationJson.WriteCreated(to, scope, tenant, part, context); break;
            case PartKind.Committed or PartKind.Released or PartKind.ReservationExpired: ReservationJson.WriteEnded(to, scope, tenant, part, index, context); break;
            case PartKind.ReservationIncremented or PartKind.ReservationExtended or PartKind.Captured or PartKind.Returned or PartKind.ChangedReservationExpired: ReservationJson.WriteChanged(to, scope, tenant, part, index, context); break;
            case PartKind.LotUpdated or PartKind.LotExpired or PartKind.LotExpiryRepeated: LotJson.WriteChanged(to, scope, tenant, part, context); break;
            case PartKind.CreditReversed or PartKind.TransferReversed: ReversalJson.Write(to, scope, tenant, part, context); break;
            case PartKind.WalletCreated: WalletJson.WriteCreated(to, scope, tenant, part, context); break;
            case PartKind.WalletStatusSet: WalletJson.WriteStatus(to, scope, tenant, part, context); break;
            case PartKind.BoundsSet: WalletJson.WriteBounds(to, scope, tenant, part, context); break;
            case PartKind.WalletUpdated: WalletJson.WriteUpdated(to, scope, tenant, part, context); break;
            case PartKind.AssetUpdated: AssetJson.WriteUpdated(to, scope, tenant, part); break;
            case PartKind.WalletPoliciesBound: WalletJson.WriteBound(to, scope, tenant, part, context); break;
            case PartKind.AssetPoliciesBound: AssetJson.WriteBound(to, scope, tenant, part, context); break;
            case PartKind.PolicyPut: PolicyJson.WritePut(to, scope, tenant, part, context); break;
            case PartKind.PolicyStatusSet: PolicyJson.WriteStatus(to, tenant, part, context); break;
            case PartKind.AssetCreated: AssetJson.WriteCreated(to, tenant, part, context); break;
            default: to.Json.WriteNullValue(); break;
        }
    }

    private static void WriteBatch(JsonBody to, RenderScope scope, TenantContext tenant, in FactParts parts, in FactContext context)
    {
        to.Json.WriteStartObject();
        to.Id("transaction_id"u8, tenant, Ledger.Ids.IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Json.WriteString("status"u8, "completed"u8);
        to.Time("created_at"u8, context.Stamp);
        to.Json.WriteStartArray("results"u8);
        var index = 0;
        foreach (var part in parts) WritePart(to, scope, tenant, part, index++, context);
        to.Json.WriteEndArray();
        to.Json.WriteEndObject();
    }
}
