using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.Policies;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Lots, in the union of both dialects' fields.</summary>
internal static unsafe class LotJson
{
    /// <param name="endedAt">Of a lot that is used up: when its last unit went, unix nanoseconds; else 0.</param>
    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, in LotView view, long endedAt = 0)
    {
        var asset = new AssetInfo(0, AssetCode.Unpack(view.Asset), view.Scale);
        var current = view.Available + view.Reserved;
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Lot, view.Number);
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, view.Wallet);
        to.Asset(asset);
        to.Amount("amount"u8, "amount_minor"u8, view.Initial, view.Scale);
        to.Amount("available"u8, "available_minor"u8, view.Available, view.Scale);
        to.Amount("reserved"u8, "reserved_minor"u8, view.Reserved, view.Scale);
        to.Amount("initial_amount"u8, "initial_amount_minor"u8, view.Initial, view.Scale);
        to.Amount("current_amount"u8, "current_amount_minor"u8, current, view.Scale);
        to.Amount("available_amount"u8, "available_amount_minor"u8, view.Available, view.Scale);
        to.Amount("reserved_amount"u8, "reserved_amount_minor"u8, view.Reserved, view.Scale);
        to.Scale(asset);
        to.Json.WriteString("status"u8, view.Expired ? "expired"u8 : current == 0 && !view.Pooled ? "depleted"u8 : "active"u8);
        if (view.ExpiresAt != 0) to.Time("expires_at"u8, view.ExpiresAt);
        else to.Json.WriteNull("expires_at"u8);
        if (view.Policy != 0)
        {
            to.Json.WriteString("policy_id"u8, PolicyIds.Format(tenant, view.Policy));
            to.Json.WriteNumber("policy_version"u8, view.PolicyVersion);
        }
        else
        {
            to.Json.WriteNull("policy_id"u8);
            to.Json.WriteNull("policy_version"u8);
        }

        if (view.Wagering != 0) to.Amount("wagering_remaining"u8, "wagering_remaining_minor"u8, view.Wagering, view.Scale);
        WriteTerms(to, scope, tenant, view.TermsSource);
        WriteSource(to, scope, tenant, view.Number);
        to.Time("created_at"u8, view.CreatedAt);
        if (endedAt != 0) to.Time("updated_at"u8, endedAt);
        to.Json.WriteEndObject();
    }

    /// <summary>A lot that was changed or expired by this part: what the part says of it, so that a repetition says the same.</summary>
    public static void WriteChanged(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        to.Json.WriteStartObject();
        if (part.Kind == PartKind.LotUpdated)
        {
            ref readonly var body = ref part.Body<LotUpdatedBody>();
            to.Id("id"u8, tenant, IdKind.Lot, body.Number);
            to.Id("wallet_id"u8, tenant, IdKind.Wallet, body.Wallet);
            to.Asset(scope.Asset(tenant, body.Asset));
            to.Json.WriteString("status"u8, "active"u8);
            if (body.Terms.ExpiresAt != 0) to.Time("expires_at"u8, body.Terms.ExpiresAt);
            else to.Json.WriteNull("expires_at"u8);
            WriteTerms(to, scope, tenant, body.Source);
        }
        else
        {
            to.Id("id"u8, tenant, IdKind.Lot, part.Body<LotExpiredBody>().Number);
            to.Json.WriteString("status"u8, "expired"u8);
            WriteForfeited(to, scope, tenant, part);
        }

        Texts.Write(to, "reason"u8, part.Extras, ExtraTag.Reason);
        to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    /// <summary>What was available of it went to breakage; nothing is said when that was nothing.</summary>
    private static void WriteForfeited(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part)
    {
        if (part.Postings.IsEmpty) return;
        ref readonly var posting = ref part.Postings[0];
        var asset = scope.Asset(tenant, posting.Asset);
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, posting.DebitWallet);
        to.Asset(asset);
        to.Scale(asset);
        to.Amount("forfeited_amount"u8, "forfeited_amount_minor"u8, posting.Amount, asset.Scale);
    }

    /// <summary>Attributes and restrictions stand in the fact that gave the lot's terms first.</summary>
    private static void WriteTerms(JsonBody to, RenderScope scope, TenantContext tenant, ulong termsSource)
    {
        to.Raw("attributes"u8, LotTexts.Find(sequence => scope.Copy(tenant, sequence), termsSource, ExtraTag.Attributes) ?? "{}"u8);
        to.Raw("restrictions"u8, LotTexts.Find(sequence => scope.Copy(tenant, sequence), termsSource, ExtraTag.Restrictions) ?? "[]"u8);
    }

    private static void WriteSource(JsonBody to, RenderScope scope, TenantContext tenant, ulong lot)
    {
        fixed (byte* payload = scope.Older(tenant, Numbers.SequenceOf(lot), out var made))
        {
            if (payload == null) return;
            var index = 0;
            foreach (var part in new FactParts(payload))
            {
                if (Makes(part, lot))
                {
                    var isCredit = part.Kind == PartKind.Credited;
                    to.Json.WriteStartObject("source"u8);
                    var isReversal = part.Kind == PartKind.TransferReversed;
                    to.Json.WriteString("type"u8, isCredit ? "credit"u8 : isReversal ? "reversal"u8 : "transfer"u8);
                    to.Id("id"u8, tenant, isCredit ? IdKind.Credit : isReversal ? IdKind.Transaction : IdKind.Transfer, Numbers.Of(made.Sequence, isReversal ? 0 : index));
                    Texts.Write(to, "reference"u8, part.Extras, ExtraTag.Reference);
                    to.Json.WriteEndObject();
                    return;
                }

                index++;
            }
        }
    }

    private static bool Makes(in FactPart part, ulong lot)
    {
        foreach (ref readonly var posting in part.Postings)
        {
            if (posting.CreditLot == lot && posting.Has(PostingFlags.CreditLotCreated)) return true;
        }

        return false;
    }
}
