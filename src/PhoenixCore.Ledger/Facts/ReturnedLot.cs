using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

/// <summary>What governs a lot that a reversal makes again. Behind it: the attributes' values, then the restrictions' program.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
public struct ReturnedLot
{
    /// <summary>0 = none.</summary>
    [FieldOffset(0)] public ulong Policy;
    [FieldOffset(8)] public int Version;
    [FieldOffset(12)] public int VersionHandle;
    [FieldOffset(16)] public int AttributesBytes;
    [FieldOffset(20)] public int RestrictionsBytes;

    /// <summary>Units to be wagered.</summary>
    [FieldOffset(32)] public Int128 Wagering;
}
