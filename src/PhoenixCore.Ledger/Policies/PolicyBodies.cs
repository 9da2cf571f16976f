using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Policies;

// Bodies of the parts that are about policies themselves; see Facts/Bodies.cs.

/// <summary>A policy's first or next version; source, program and name stand in the texts.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct PolicyPutBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public int Handle;
    [FieldOffset(12)] public int Version;
    [FieldOffset(16)] public int VersionHandle;
}

[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct PolicyStatusSetBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public int Handle;
    [FieldOffset(12)] public PolicyStatus Status;
}

/// <summary>A wallet's or an asset's policies; the list stands in the items.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct PoliciesBoundBody
{
    /// <summary>Of the wallet; 0 for an asset.</summary>
    [FieldOffset(0)] public ulong Number;

    /// <summary>Of the wallet or the asset.</summary>
    [FieldOffset(8)] public int Handle;
}
