using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Policies;

/// <summary>Numbers of the policies that a wallet or an asset is bound to, in their order.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct PolicyList
{
    public int Count;
    public fixed ulong Numbers[PolicyLimits.BindingsMax];
}
