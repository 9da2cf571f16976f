using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger;

/// <summary>What a limit counted for the credit, transfer or capture that a reversal undoes: for all of its slices from First to before End, or for those of one lot.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OriginalCharge
{
    public ulong Rule;

    /// <summary>0 = a restriction of a lot.</summary>
    public ulong Policy;

    /// <summary>Number of a wallet or lot.</summary>
    public ulong Owner;
    public long WindowStart;

    /// <summary>Number of the lot whose slices were counted; 0 = all.</summary>
    public ulong From;
    public int Asset;
    public int First;
    public int End;

    /// <summary>So many operations were counted; 0: amounts were.</summary>
    public int CountsOperations;
}
