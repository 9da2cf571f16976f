using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Credits, transfers and debits, from the facts that made them.</summary>
internal static class MoneyJson
{
    public static void WriteCredit(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, int index, in FactContext context)
    {
        ref readonly var posting = ref part.Postings[0];
        var asset = scope.Asset(tenant, posting.Asset);
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Credit, Numbers.Of(context.Sequence, index));
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, posting.CreditWallet);
        WriteSum(to, posting.Amount, asset);
        Texts.Write(to, "reference"u8, part.Extras, ExtraTag.Reference);
        to.Json.WriteString("status"u8, "completed"u8);
        to.Json.WriteStartObject("lot"u8);
        to.Id("id"u8, tenant, IdKind.Lot, posting.CreditLot);
        WriteSum(to, posting.Amount, asset);
        var expiresAt = part.Body<CreditedBody>().ExpiresAt;
        if (expiresAt != 0) to.Time("expires_at"u8, expiresAt);
        else to.Json.WriteNull("expires_at"u8);
        PolicyJson.WriteOfLot(to, tenant, part);
        Texts.WriteJson(to, "attributes"u8, part.Extras, ExtraTag.Attributes);
        Texts.WriteJson(to, "restrictions"u8, part.Extras, ExtraTag.Restrictions);
        to.Time("created_at"u8, context.Stamp);
        to.Json.WriteEndObject();
        WriteEnd(to, tenant, part.Extras, context);
    }

    public static void WriteDebit(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, int index, in FactContext context)
    {
        var asset = scope.Asset(tenant, part.Postings[0].Asset);
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Debit, Numbers.Of(context.Sequence, index));
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, part.Postings[0].DebitWallet);
        WriteSum(to, SumOf(part.Postings), asset);
        Texts.Write(to, "reference"u8, part.Extras, ExtraTag.Reference);
        to.Json.WriteString("status"u8, "completed"u8);
        to.Json.WriteStartArray("lot_movements"u8);
        foreach (ref readonly var posting in part.Postings)
        {
            to.Json.WriteStartObject();
            to.Id("from_lot_id"u8, tenant, IdKind.Lot, posting.DebitLot);
            to.Amount("amount"u8, "amount_minor"u8, posting.Amount, asset.Scale);
            to.Json.WriteEndObject();
        }

        to.Json.WriteEndArray();
        WriteEnd(to, tenant, part.Extras, context);
    }

    /// <summary>A transfer, or the capture of a reservation to another wallet, which is one too.</summary>
    public static void WriteTransfer(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, int index, in FactContext context)
    {
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Transfer, Numbers.Of(context.Sequence, index));
        WriteMovement(to, scope, tenant, part);
        Texts.Write(to, "reference"u8, part.Extras, ExtraTag.Reference);
        to.Json.WriteString("status"u8, "completed"u8);
        if (part.ChangedReservation() is var reservation and not 0) to.Id("reservation_id"u8, tenant, IdKind.Reservation, reservation);
        WriteEnd(to, tenant, part.Extras, context);
    }

    /// <summary>A transfer of several legs: the words that belong to all of it stand with its first leg.</summary>
    public static void WriteLegs(JsonBody to, RenderScope scope, TenantContext tenant, in FactParts parts, in FactContext context)
    {
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Transfer, Numbers.Of(context.Sequence, Numbers.OrdinalMax));
        Texts.Write(to, "reference"u8, parts.First.Extras, ExtraTag.Reference);
        to.Json.WriteString("status"u8, "completed"u8);
        to.Json.WriteStartArray("legs"u8);
        var index = 0;
        foreach (var part in parts)
        {
            to.Json.WriteStartObject();
            to.Id("id"u8, tenant, IdKind.Transfer, Numbers.Of(context.Sequence, index++));
            WriteMovement(to, scope, tenant, part);
            to.Json.WriteEndObject();
        }

        to.Json.WriteEndArray();
        WriteEnd(to, tenant, parts.First.Extras, context);
    }

    public static void WriteSum(JsonBody to, Int128 units, AssetInfo asset)
    {
        to.Amount("amount"u8, "amount_minor"u8, units, asset.Scale);
        to.Scale(asset);
        to.Asset(asset);
    }

    /// <summary>What one posting carried from a lot to a lot.</summary>
    public static void WriteLotMovement(JsonBody to, TenantContext tenant, in Posting posting, AssetInfo asset)
    {
        to.Json.WriteStartObject();
        to.Id("from_lot_id"u8, tenant, IdKind.Lot, posting.DebitLot);
        to.Id("to_lot_id"u8, tenant, IdKind.Lot, posting.CreditLot);
        to.Amount("amount"u8, "amount_minor"u8, posting.Amount, asset.Scale);
        to.Json.WriteEndObject();
    }

    /// <summary>True for a posting that carries value to the destination, and not back or to breakage.</summary>
    private static bool Moves(in FactPart part, in Posting posting)
    {
        var destination = part.CaptureDestination();
        return destination == 0 || posting.CreditWallet == destination;
    }

    private static void WriteMovement(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part)
    {
        var asset = scope.Asset(tenant, part.Postings[0].Asset);
        var destination = part.CaptureDestination() is var captured and not 0 ? captured : part.Postings[0].CreditWallet;
        to.Id("from_wallet_id"u8, tenant, IdKind.Wallet, part.Postings[0].DebitWallet);
        to.Id("to_wallet_id"u8, tenant, IdKind.Wallet, destination);
        Int128 sum = 0;
        foreach (ref readonly var posting in part.Postings)
        {
            if (Moves(part, posting)) sum += posting.Amount;
        }

        WriteSum(to, sum, asset);
        to.Json.WriteStartArray("lot_movements"u8);
        foreach (ref readonly var posting in part.Postings)
        {
            if (Moves(part, posting)) WriteLotMovement(to, tenant, posting, asset);
        }

        to.Json.WriteEndArray();
    }

    private static void WriteEnd(JsonBody to, TenantContext tenant, ReadOnlySpan<byte> extras, in FactContext context)
    {
        Texts.WriteJson(to, "metadata"u8, extras, ExtraTag.Metadata);
        to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Time("created_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    private static Int128 SumOf(ReadOnlySpan<Posting> postings)
    {
        Int128 sum = 0;
        foreach (ref readonly var posting in postings) sum += posting.Amount;
        return sum;
    }
}
