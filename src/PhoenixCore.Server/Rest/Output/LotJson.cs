using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.Policies;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Lots, in the union of both dialects' fields.</summary>
internal static unsafe class LotJson
{
    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, in LotView view)
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
        to.Json.WriteEndObject();
    }

    /// <summary>Attributes and restrictions stand with the credit whose terms the lot has, itself or by inheritance.</summary>
    private static void WriteTerms(JsonBody to, RenderScope scope, TenantContext tenant, ulong termsSource)
    {
        fixed (byte* payload = termsSource == 0 ? default : scope.Older(tenant, Numbers.SequenceOf(termsSource), out _))
        {
            if (payload != null)
            {
                foreach (var part in new FactParts(payload))
                {
                    if (part.Kind != PartKind.Credited || part.Postings[0].CreditLot != termsSource) continue;
                    Texts.WriteJson(to, "attributes"u8, part.Extras, ExtraTag.Attributes);
                    Texts.WriteJson(to, "restrictions"u8, part.Extras, ExtraTag.Restrictions);
                    return;
                }
            }
        }

        Texts.WriteJson(to, "attributes"u8, default, ExtraTag.Attributes);
        Texts.WriteJson(to, "restrictions"u8, default, ExtraTag.Restrictions);
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
                    to.Json.WriteString("type"u8, isCredit ? "credit"u8 : "transfer"u8);
                    to.Id("id"u8, tenant, isCredit ? IdKind.Credit : IdKind.Transfer, Numbers.Of(made.Sequence, index));
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
