using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.State;

internal sealed unsafe partial class LedgerState
{
    /// <summary>Handle of <c>pol_default</c> and of its one version.</summary>
    public const int DefaultPolicy = 1;

    /// <summary>0 when the tenant has no such policy.</summary>
    public int FindPolicy(uint tenant, ulong number)
    {
        var handle = PolicyIndex.Find(Mix.Of(number), new PolicyMatch(Policies, number));
        return handle != 0 && (Policies.Read(handle)->Tenant == tenant || handle == DefaultPolicy) ? handle : 0;
    }

    public static ulong CounterHash(ulong rule, ulong policy, ulong owner, int asset) => Mix.Of(Mix.Of(rule, policy), Mix.Of(owner, (uint)asset));

    public int FindCounter(ulong rule, ulong policy, ulong owner, int asset) =>
        CounterIndex.Find(CounterHash(rule, policy, owner, asset), new CounterMatch(Counters, rule, policy, owner, asset));

    /// <summary>The program of a policy's version; null = allows everything.</summary>
    public byte* ProgramOf(int version) => Blobs.Read(PolicyVersions.Read(version)->Program);

    /// <summary>It is the same in every tenant, so no fact makes it.</summary>
    private void AddDefaultPolicy()
    {
        Invariant.That(Policies.Allocate() == DefaultPolicy && PolicyVersions.Allocate() == DefaultPolicy);
        *Policies.Write(DefaultPolicy) = new PolicyRow { Number = PolicyLimits.DefaultNumber, Latest = DefaultPolicy };
        *PolicyVersions.Write(DefaultPolicy) = new PolicyVersionRow { Policy = DefaultPolicy, Version = 1 };
        PolicyIndex.Insert(Mix.Of(PolicyLimits.DefaultNumber), DefaultPolicy);
    }

    private readonly struct PolicyMatch(RowPool<PolicyRow> rows, ulong number) : IRowMatch
    {
        public bool Matches(int handle) => rows.Read(handle)->Number == number;
    }

    private readonly struct CounterMatch(RowPool<CounterRow> rows, ulong rule, ulong policy, ulong owner, int asset) : IRowMatch
    {
        public bool Matches(int handle)
        {
            var row = rows.Read(handle);
            return row->Rule == rule && row->Policy == policy && row->Owner == owner && row->Asset == asset;
        }
    }
}
