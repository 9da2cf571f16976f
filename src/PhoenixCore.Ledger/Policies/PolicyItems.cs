using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Policies;

// Items lie between a part's postings and its texts: kind (2), zero (2), length (4, with these 8 bytes, a multiple of 8), then one of these.

/// <summary>A policy at a version, by number and by the version's handle.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct AskedItem
{
    [FieldOffset(0)] public ulong Policy;
    [FieldOffset(8)] public int Version;
    [FieldOffset(12)] public int VersionHandle;
}

/// <summary>A counter's new value.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
public struct CountedItem
{
    /// <summary>Flag: the counter's row is made by this item.</summary>
    public const int IsNew = 1;

    /// <summary>Flag: the counter goes with its lot.</summary>
    public const int OfLot = 2;

    /// <summary>Flag: operations are counted.</summary>
    public const int Operations = 4;

    /// <summary>Flag: given back, not charged.</summary>
    public const int GivenBack = 8;

    [FieldOffset(0)] public ulong Rule;

    /// <summary>0 = a restriction of the lot.</summary>
    [FieldOffset(8)] public ulong Policy;

    /// <summary>Number of the wallet or lot.</summary>
    [FieldOffset(16)] public ulong Owner;
    [FieldOffset(24)] public long WindowStart;

    /// <summary>The new value; of a charge that is kept for a reversal: how often it was counted.</summary>
    [FieldOffset(32)] public Int128 After;
    [FieldOffset(48)] public int Asset;
    [FieldOffset(52)] public int Handle;

    /// <summary>Handle of the lot whose slice was counted; 0 = the whole operation.</summary>
    [FieldOffset(56)] public int Lot;
    [FieldOffset(60)] public int Flags;
}

[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct LotGovernedItem
{
    /// <summary>0 = only restrictions.</summary>
    [FieldOffset(0)] public ulong Policy;
    [FieldOffset(8)] public int Version;
    [FieldOffset(12)] public int VersionHandle;

    /// <summary>Units to be wagered.</summary>
    [FieldOffset(16)] public Int128 Wagering;
}

/// <summary>The policy, after the operation, of the lots that so many postings took from, the first of them at an index of the part.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
public struct CarriedItem
{
    [FieldOffset(0)] public int First;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public ulong Policy;
    [FieldOffset(16)] public int Version;
    [FieldOffset(20)] public int VersionHandle;

    /// <summary>Units that each of the lots still had to be wagered for.</summary>
    [FieldOffset(24)] public Int128 Wagering;
}

[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct WageredItem
{
    [FieldOffset(0)] public ulong Lot;
    [FieldOffset(8)] public int Handle;
    [FieldOffset(16)] public Int128 After;
}

[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct LotSwitchedItem
{
    [FieldOffset(0)] public ulong Lot;
    [FieldOffset(8)] public ulong Policy;
    [FieldOffset(16)] public int Handle;
    [FieldOffset(20)] public int Version;
    [FieldOffset(24)] public int VersionHandle;
}

/// <summary>Behind it: the intent, padded to 8, then the context's values.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct MemoItem
{
    [FieldOffset(0)] public int IntentBytes;
    [FieldOffset(4)] public int ContextBytes;
}

/// <summary>Why a policy refused; behind it the rule's id.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct RefusedItem
{
    /// <summary>0 = a restriction of the lot.</summary>
    [FieldOffset(0)] public ulong Policy;

    /// <summary>0 = the whole operation.</summary>
    [FieldOffset(8)] public ulong Lot;
    [FieldOffset(16)] public int Version;

    /// <summary>1 asset, 2 wallet, 3 lot, 4 restrictions.</summary>
    [FieldOffset(20)] public int Layer;
    [FieldOffset(24)] public int RuleBytes;
}

/// <summary>The policies of a wallet or an asset, in their order.</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
public unsafe struct BoundItem
{
    /// <summary>Handle of the list; 0 = none.</summary>
    [FieldOffset(0)] public int Handle;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public fixed ulong Policies[PolicyLimits.BindingsMax];
    [FieldOffset(72)] public fixed int Handles[PolicyLimits.BindingsMax];
}
