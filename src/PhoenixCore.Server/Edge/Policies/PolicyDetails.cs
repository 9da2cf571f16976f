using System.Globalization;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>Why a policy refused, in public words.</summary>
internal static class PolicyDetails
{
    /// <summary>Policy, version, rule, lot, layer: what there is of them; null for other refusals.</summary>
    public static unsafe IReadOnlyList<(string Name, string Value)>? Of(TenantContext tenant, in OperationReply reply)
    {
        if (reply.Result == LedgerResult.InvalidPolicy && reply.Explanation is { } why) return [("policy", why)];
        if (reply.Result != LedgerResult.PolicyViolation || reply.Payload.IsEmpty) return null;
        fixed (byte* payload = reply.Payload)
        {
            var items = new FactParts(payload).First.PolicyItems;
            if (!items.TryFind(PolicyItemKind.Refused)) return null;
            ref readonly var item = ref items.As<RefusedItem>();
            var details = new List<(string, string)>();
            if (item.Policy != 0) details.Add(("policy", PolicyIds.Format(tenant, item.Policy)));
            if (item.Policy != 0) details.Add(("version", item.Version.ToString(CultureInfo.InvariantCulture)));
            details.Add(("rule", Encoding.UTF8.GetString(items.RuleOfRefusal)));
            if (item.Lot != 0) details.Add(("lot", tenant.Ids.Format(IdKind.Lot, item.Lot)));
            details.Add(("layer", LayerOf(item.Layer)));
            return details;
        }
    }

    public static string LayerOf(int layer) => layer switch
    {
        1 => "asset",
        2 => "wallet",
        3 => "lot",
        _ => "restrictions",
    };
}
