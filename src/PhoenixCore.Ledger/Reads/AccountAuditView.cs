using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Reads;

/// <summary>An account as the live state has it, for comparing; amounts in smallest units.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AccountAuditView
{
    public Int128 Available;
    public Int128 Reserved;

    /// <summary>Number of the wallet.</summary>
    public ulong Wallet;
    public uint Tenant;

    /// <summary>Handle of the asset, as postings have it.</summary>
    public int Asset;

    /// <summary>Its lots and reservations add up to it (or there are too many to look through).</summary>
    public bool IsWhole;
}
