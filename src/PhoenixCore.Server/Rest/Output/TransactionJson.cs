using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>A fact as a ledger transaction: every posting as its two entries.</summary>
internal static class TransactionJson
{
    /// <param name="wallet">Only its entries are shown; 0 = all.</param>
    public static unsafe void Write(JsonBody to, RenderScope scope, TenantContext tenant, in FactParts parts, in FactContext context, ulong wallet = 0)
    {
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Json.WriteString("tenant_id"u8, tenant.Name);
        to.Json.WriteNumber("sequence"u8, parts.Header->EventFirst);
        to.Json.WriteString("type"u8, TypeOf(parts.First.Kind));
        WriteOperations(to, tenant, parts, context);
        Texts.WriteReferenceAndMetadata(to, parts.First.Extras);
        Texts.Write(to, "intent"u8, parts.First.Extras, ExtraTag.Intent);
        to.Time("created_at"u8, context.Stamp);
        to.Json.WriteStartArray("entries"u8);
        var ordinal = 0;
        foreach (var part in parts)
        {
            foreach (ref readonly var posting in part.Postings)
            {
                var asset = scope.Asset(tenant, posting.Asset);
                for (var side = 0; side < 2; side++)
                {
                    if (wallet != 0 && wallet != (side == 0 ? posting.DebitWallet : posting.CreditWallet)) continue;
                    to.Json.WriteStartObject();
                    WriteEntry(to, tenant, posting, asset, isDebit: side == 0, Numbers.Of(context.Sequence, ordinal + side), context);
                    to.Json.WriteEndObject();
                }

                ordinal += 2;
            }
        }

        to.Json.WriteEndArray();
        to.Json.WriteEndObject();
    }

    /// <summary>What it made or changed, or what it undoes; of several operations the first stands alone too.</summary>
    private static void WriteOperations(JsonBody to, TenantContext tenant, in FactParts parts, in FactContext context)
    {
        var (kind, number) = PartResource.Of(parts.First, context.Sequence, 0);
        var isReversal = parts.First.Kind is PartKind.CreditReversed or PartKind.TransferReversed;
        if (kind != IdKind.None) to.Id(isReversal ? "reverses"u8 : "operation_id"u8, tenant, kind, number);
        var count = 0;
        foreach (var part in parts) count++;
        if (count < 2) return;
        to.Json.WriteStartArray("operation_ids"u8);
        var index = 0;
        foreach (var part in parts)
        {
            var made = PartResource.Of(part, context.Sequence, index++);
            if (made.Kind == IdKind.None) to.Json.WriteNullValue();
            else to.Json.WriteStringValue(tenant.Ids.Format(made.Kind, made.Number));
        }

        to.Json.WriteEndArray();
    }

    /// <summary>A single entry of a fact, with what its transaction says about it.</summary>
    /// <param name="ordinal">2 × posting + side.</param>
    public static unsafe void WriteEntry(JsonBody to, RenderScope scope, TenantContext tenant, in FactParts parts, in FactContext context, int ordinal)
    {
        var first = 0;
        foreach (var part in parts)
        {
            var index = (ordinal - first) / 2;
            first += 2 * part.Postings.Length;
            if (ordinal >= first) continue;
            ref readonly var posting = ref part.Postings[index];
            to.Json.WriteStartObject();
            WriteEntry(to, tenant, posting, scope.Asset(tenant, posting.Asset), ordinal % 2 == 0, Numbers.Of(context.Sequence, ordinal), context);
            to.Json.WriteNumber("sequence"u8, parts.Header->EventFirst);
            to.Json.WriteString("type"u8, TypeOf(part.Kind));
            Texts.Write(to, "reference"u8, part.Extras, ExtraTag.Reference);
            to.Json.WriteEndObject();
            return;
        }

        throw new InvariantBrokenException("a row names an entry that its fact does not have");
    }

    /// <summary>Kinds that have entries, by the names that the API gives them.</summary>
    public static PartKind? KindOf(string type) => type.ToUpperInvariant() switch
    {
        "CREDIT" => PartKind.Credited,
        "TRANSFER" => PartKind.Transferred,
        "CONSUME" or "DEBIT" => PartKind.Debited,
        "RESERVATION_HOLD" => PartKind.Reserved,
        "RESERVATION_COMMIT" => PartKind.Committed,
        "RESERVATION_RELEASE" => PartKind.Released,
        "RESERVATION_EXPIRE" => PartKind.ReservationExpired,
        "LOT_EXPIRE" => PartKind.LotExpired,
        "REVERSAL" => PartKind.TransferReversed,
        _ => null,
    };

    /// <summary>The members; the caller opens and closes the object.</summary>
    private static void WriteEntry(JsonBody to, TenantContext tenant, in Posting posting, AssetInfo asset, bool isDebit, ulong number, in FactContext context)
    {
        to.Id("id"u8, tenant, IdKind.Entry, number);
        to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, isDebit ? posting.DebitWallet : posting.CreditWallet);
        to.Id("lot_id"u8, tenant, IdKind.Lot, isDebit ? posting.DebitLot : posting.CreditLot);
        MoneyJson.WriteSum(to, posting.Amount, asset);
        to.Json.WriteString("direction"u8, isDebit ? "DEBIT"u8 : "CREDIT"u8);
        to.Json.WriteString("account"u8, posting.Has(isDebit ? PostingFlags.DebitReserved : PostingFlags.CreditReserved) ? "reserved"u8 : "available"u8);
        to.Amount("balance_after"u8, "balance_after_minor"u8, isDebit ? posting.DebitAfter : posting.CreditAfter, asset.Scale);
        to.Time("created_at"u8, context.Stamp);
    }

    private static ReadOnlySpan<byte> TypeOf(PartKind kind) => kind switch
    {
        PartKind.Credited => "CREDIT"u8,
        PartKind.Transferred or PartKind.TransferredInto => "TRANSFER"u8,
        PartKind.Debited => "CONSUME"u8,
        PartKind.Reserved or PartKind.ReservationIncremented => "RESERVATION_HOLD"u8,
        PartKind.ReservationExtended => "RESERVATION_EXTEND"u8,
        PartKind.Committed or PartKind.Captured => "RESERVATION_COMMIT"u8,
        PartKind.Released or PartKind.Returned => "RESERVATION_RELEASE"u8,
        PartKind.ReservationExpired or PartKind.ChangedReservationExpired => "RESERVATION_EXPIRE"u8,
        PartKind.LotExpired or PartKind.LotExpiryRepeated => "LOT_EXPIRE"u8,
        PartKind.LotUpdated => "LOT_UPDATE"u8,
        PartKind.CreditReversed or PartKind.TransferReversed => "REVERSAL"u8,
        PartKind.AssetCreated or PartKind.AssetStatusSet or PartKind.AssetPoliciesBound or PartKind.AssetUpdated => "ASSET"u8,
        PartKind.WalletCreated or PartKind.WalletStatusSet or PartKind.BoundsSet or PartKind.WalletPoliciesBound or PartKind.WalletUpdated => "WALLET"u8,
        PartKind.PolicyPut or PartKind.PolicyStatusSet => "POLICY"u8,
        PartKind.TenantCreated => "TENANT"u8,
        PartKind.AdminActed or PartKind.EpochStarted or PartKind.MembersChanged or PartKind.None or PartKind.Refused or PartKind.KeyClosed or PartKind.Batch => "OTHER"u8,
    };
}
