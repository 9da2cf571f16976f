using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.Reads;

// What reads about policies answer; see Views.cs.

[StructLayout(LayoutKind.Sequential)]
public struct PolicyView
{
    public ulong Number;

    /// <summary>Sequence of the fact that carries the version's source; 0 for <c>pol_default</c>.</summary>
    public ulong TextSequence;
    public long CreatedAt;
    public long UpdatedAt;

    /// <summary>Of the version.</summary>
    public long VersionCreatedAt;
    public int Version;
    public int LatestVersion;
    public PolicyStatus Status;
}

/// <summary>What would become of an operation; <see cref="VerdictView"/> rows follow.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct EvaluationView
{
    public LedgerResult Result;
    public int Verdicts;
    public UInt128 Asset;
    public int Scale;
}

/// <summary>What one layer says, or layers 3 and 4 of one lot.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct VerdictView
{
    /// <summary>Units that would be taken from the lot.</summary>
    public Int128 Amount;

    /// <summary>0 = layer 1 or 2.</summary>
    public ulong Lot;

    /// <summary>Of the denial; 0 = none, or a restriction.</summary>
    public ulong Policy;
    public int Version;

    /// <summary>1 asset, 2 wallet, 3 lot, 4 restrictions; of a denied lot the layer that denies.</summary>
    public int Layer;
    public bool IsAllowed;

    /// <summary>The other wallet is asked about.</summary>
    public bool IsOfOther;

    /// <summary>Of the rule that denies.</summary>
    public int RuleBytes;
    public fixed byte Rule[PolicyLimits.RuleIdBytesMax];
}
