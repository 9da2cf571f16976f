using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>Public ids of policies: <c>pol_default</c> is a word, the others are ids like all.</summary>
internal static class PolicyIds
{
    public const string Default = "pol_default";

    /// <summary>Names no policy, and is not 0, which would mean "not given".</summary>
    public const ulong Unknown = ulong.MaxValue;

    public static ulong NumberOf(TenantContext tenant, string id) =>
        id == Default ? PolicyLimits.DefaultNumber : tenant.Ids.TryParse(IdKind.Policy, id, out var number) && number > PolicyLimits.DefaultNumber ? number : Unknown;

    public static string Format(TenantContext tenant, ulong number) => number == PolicyLimits.DefaultNumber ? Default : tenant.Ids.Format(IdKind.Policy, number);
}
