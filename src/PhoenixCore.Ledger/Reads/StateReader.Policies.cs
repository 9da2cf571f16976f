using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Reads;

internal sealed unsafe partial class StateReader
{
    /// <summary>The policy <c>Subject</c> at the version <c>Wallet</c> (0 = the latest).</summary>
    private LedgerResult ReadPolicy(Command* command, ref Rows answer)
    {
        var policy = state.FindPolicy(command->Tenant, command->Subject);
        if (policy == 0) return LedgerResult.PolicyNotFound;
        var version = state.Policies.Read(policy)->Latest;
        while (command->Wallet != 0 && version != 0 && (ulong)state.PolicyVersions.Read(version)->Version != command->Wallet) version = state.PolicyVersions.Read(version)->Previous;
        if (version == 0) return LedgerResult.PolicyNotFound;
        answer.Add(ViewOfPolicy(policy, version));
        return LedgerResult.Accepted;
    }

    /// <summary>At their latest versions, <c>pol_default</c> first, after the policy <c>Wallet</c> (0 = from the first), at most <c>Subject</c> rows.</summary>
    private LedgerResult ListPolicies(Command* command, ref Rows answer)
    {
        var rows = command->Subject;
        var policy = LedgerState.DefaultPolicy;
        if (command->Wallet != 0)
        {
            policy = state.FindPolicy(command->Tenant, command->Wallet);
            if (policy == 0) return LedgerResult.PolicyNotFound;
            policy = NextPolicy(command->Tenant, policy);
        }

        for (; policy != 0 && rows > 0; policy = NextPolicy(command->Tenant, policy), rows--)
        {
            if (answer.Add(ViewOfPolicy(policy, state.Policies.Read(policy)->Latest)) == null) break;
        }

        return LedgerResult.Accepted;
    }

    /// <summary>Of the policy <c>Subject</c>, newest first, below the version <c>Wallet</c> (0 = from the latest).</summary>
    private LedgerResult ListPolicyVersions(Command* command, ref Rows answer)
    {
        var policy = state.FindPolicy(command->Tenant, command->Subject);
        if (policy == 0) return LedgerResult.PolicyNotFound;
        for (var version = state.Policies.Read(policy)->Latest; version != 0; version = state.PolicyVersions.Read(version)->Previous)
        {
            if (command->Wallet != 0 && (ulong)state.PolicyVersions.Read(version)->Version >= command->Wallet) continue;
            if (answer.Add(ViewOfPolicy(policy, version)) == null) break;
        }

        return LedgerResult.Accepted;
    }

    private int NextPolicy(uint tenant, int policy) =>
        policy == LedgerState.DefaultPolicy ? state.Tenants.Read((int)tenant)->FirstPolicy : state.Policies.Read(policy)->NextOfTenant;

    private PolicyView ViewOfPolicy(int policy, int version)
    {
        var row = state.Policies.Read(policy);
        var at = state.PolicyVersions.Read(version);
        return new PolicyView
        {
            Number = row->Number,
            TextSequence = at->Sequence,
            CreatedAt = row->CreatedAt,
            UpdatedAt = row->UpdatedAt,
            VersionCreatedAt = at->CreatedAt,
            Version = at->Version,
            LatestVersion = state.PolicyVersions.Read(row->Latest)->Version,
            Status = row->Status,
        };
    }

    private PolicyList PoliciesOf(int binding)
    {
        PolicyList list = default;
        if (binding == 0) return list;
        var row = state.Bindings.Read(binding);
        list.Count = row->Count;
        for (var i = 0; i < row->Count; i++) list.Numbers[i] = state.Policies.Read(row->Policies[i])->Number;
        return list;
    }
}
