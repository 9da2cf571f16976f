using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Reversals: new transactions that undo older ones.</summary>
internal static class ReversalJson
{
    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        ref readonly var body = ref part.Body<ReversedBody>();
        var asset = scope.Asset(tenant, body.Asset);
        var kind = part.Kind == PartKind.CreditReversed ? IdKind.Credit : IdKind.Transfer;
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Json.WriteString("type"u8, "REVERSAL"u8);
        to.Id("reverses"u8, tenant, kind, body.Original);
        to.Id("from_wallet_id"u8, tenant, IdKind.Wallet, body.Wallet);
        to.Id("to_wallet_id"u8, tenant, IdKind.Wallet, body.Other);
        MoneyJson.WriteSum(to, body.Amount, asset);
        to.Amount("reversed_amount"u8, "reversed_amount_minor"u8, body.Total, asset.Scale);
        WriteMovements(to, tenant, part, body.Other, asset);
        to.Json.WriteString("status"u8, "completed"u8);
        Texts.Write(to, "reason"u8, part.Extras, ExtraTag.Reason);
        Texts.WriteReferenceAndMetadata(to, part.Extras);
        to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Time("created_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    /// <summary>What did not go back because its terms had expired is counted apart.</summary>
    private static void WriteMovements(JsonBody to, TenantContext tenant, in FactPart part, ulong taker, AssetInfo asset)
    {
        Int128 forfeited = 0;
        to.Json.WriteStartArray("lot_movements"u8);
        foreach (ref readonly var posting in part.Postings)
        {
            if (posting.CreditWallet != taker) forfeited += posting.Amount;
            MoneyJson.WriteLotMovement(to, tenant, posting, asset);
        }

        to.Json.WriteEndArray();
        to.Amount("forfeited_amount"u8, "forfeited_amount_minor"u8, forfeited, asset.Scale);
    }
}
