using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>A fact as a ledger transaction: every posting as its two entries.</summary>
internal static class TransactionJson
{
    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, in FactParts parts, in FactContext context)
    {
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Json.WriteString("tenant_id"u8, tenant.Name);
        var count = 0;
        foreach (var part in parts)
        {
            if (count++ > 0) continue;
            to.Json.WriteString("type"u8, TypeOf(part.Kind));
        }

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
                WriteEntry(to, tenant, posting, asset, isDebit: true, Numbers.Of(context.Sequence, ordinal), context);
                WriteEntry(to, tenant, posting, asset, isDebit: false, Numbers.Of(context.Sequence, ordinal + 1), context);
                ordinal += 2;
            }
        }

        to.Json.WriteEndArray();
        to.Json.WriteEndObject();
    }

    private static void WriteEntry(JsonBody to, TenantContext tenant, in Posting posting, AssetInfo asset, bool isDebit, ulong number, in FactContext context)
    {
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Entry, number);
        to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, isDebit ? posting.DebitWallet : posting.CreditWallet);
        to.Id("lot_id"u8, tenant, IdKind.Lot, isDebit ? posting.DebitLot : posting.CreditLot);
        MoneyJson.WriteSum(to, posting.Amount, asset);
        to.Json.WriteString("direction"u8, isDebit ? "DEBIT"u8 : "CREDIT"u8);
        to.Json.WriteString("account"u8, posting.Has(isDebit ? PostingFlags.DebitReserved : PostingFlags.CreditReserved) ? "reserved"u8 : "available"u8);
        to.Amount("balance_after"u8, "balance_after_minor"u8, isDebit ? posting.DebitAfter : posting.CreditAfter, asset.Scale);
        to.Time("created_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> TypeOf(PartKind kind) => kind switch
    {
        PartKind.Credited => "CREDIT"u8,
        PartKind.Transferred => "TRANSFER"u8,
        PartKind.Debited => "CONSUME"u8,
        PartKind.Reserved => "RESERVATION_HOLD"u8,
        PartKind.Committed => "RESERVATION_COMMIT"u8,
        PartKind.Released => "RESERVATION_RELEASE"u8,
        PartKind.ReservationExpired => "RESERVATION_EXPIRE"u8,
        PartKind.LotExpired => "LOT_EXPIRE"u8,
        PartKind.AssetCreated or PartKind.AssetStatusSet or PartKind.AssetPoliciesBound => "ASSET"u8,
        PartKind.WalletCreated or PartKind.WalletStatusSet or PartKind.BoundsSet or PartKind.WalletPoliciesBound => "WALLET"u8,
        PartKind.PolicyPut or PartKind.PolicyStatusSet => "POLICY"u8,
        PartKind.TenantCreated => "TENANT"u8,
        PartKind.EpochStarted or PartKind.None or PartKind.Refused or PartKind.KeyClosed or PartKind.Batch => "OTHER"u8,
    };
}
