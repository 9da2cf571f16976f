using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.State;

// The rows of policies, drawn by their offsets.

[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct PolicyRow
{
    [FieldOffset(0)] public ulong Number;

    /// <summary>0 = of every tenant: <c>pol_default</c>.</summary>
    [FieldOffset(8)] public uint Tenant;
    [FieldOffset(12)] public PolicyStatus Status;

    /// <summary>Handle of the latest version.</summary>
    [FieldOffset(16)] public int Latest;
    [FieldOffset(20)] public int NextOfTenant;
    [FieldOffset(24)] public long CreatedAt;
    [FieldOffset(32)] public long UpdatedAt;
}

/// <summary>One version; never changes, never goes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct PolicyVersionRow
{
    [FieldOffset(0)] public int Policy;
    [FieldOffset(4)] public int Version;

    /// <summary>Handle of the version before it; 0 = the first.</summary>
    [FieldOffset(8)] public int Previous;

    /// <summary>Blob; 0 = allows everything.</summary>
    [FieldOffset(12)] public int Program;

    /// <summary>Sequence of the fact that carries the source.</summary>
    [FieldOffset(16)] public ulong Sequence;
    [FieldOffset(24)] public long CreatedAt;
}

/// <summary>The policies of a wallet or an asset, by handle, in their order.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct BindingRow
{
    [FieldOffset(0)] public int Count;
    [FieldOffset(4)] public fixed int Policies[PolicyLimits.BindingsMax];
}

/// <summary>What a limit has counted, for one owner and asset.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct CounterRow
{
    /// <summary>Hash of the rule's id, metric, window and scope.</summary>
    [FieldOffset(0)] public ulong Rule;

    /// <summary>Number of the policy; 0 = a lot's own restriction.</summary>
    [FieldOffset(8)] public ulong Policy;

    /// <summary>Number of a wallet or a lot.</summary>
    [FieldOffset(16)] public ulong Owner;

    /// <summary>Unix nanoseconds.</summary>
    [FieldOffset(24)] public long WindowStart;
    [FieldOffset(32)] public Int128 Value;
    [FieldOffset(48)] public int Asset;
    [FieldOffset(52)] public int NextOfLot;
}
