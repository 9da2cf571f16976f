using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger;

/// <summary>One slice of the credit, transfer or capture that a reversal undoes, as its fact has it. Amount in smallest units; slices stand in the fact's order.</summary>
/// <remarks>Behind the slices of a command lie its <see cref="OriginalCharge"/>s and what the pointers name: <see cref="History.Original.WriteTo"/>.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct OriginalSlice
{
    public Int128 Amount;

    /// <summary>Number of the lot that gave; of a credit 0.</summary>
    public ulong From;

    /// <summary>Number of the lot that received.</summary>
    public ulong To;

    /// <summary>Terms of the lot that gave, at that time.</summary>
    public CreditedBody Terms;

    /// <summary>What <see cref="Terms"/>' texts are found by; 0 = plain.</summary>
    public ulong TermsSource;

    /// <summary>Of that lot, right after the original; 0 = it had no policy.</summary>
    public ulong Policy;
    public int Version;
    public int VersionHandle;

    /// <summary>Units that the lot still had to be wagered for, right after the original.</summary>
    public Int128 Wagering;

    /// <summary>What rules read of <see cref="Terms"/>, compiled; null where there is nothing.</summary>
    public byte* Attributes;
    public byte* Restrictions;
    public int AttributesBytes;
    public int RestrictionsBytes;

    /// <summary>Handle; the same in all slices.</summary>
    public int Asset;

    /// <summary>How many charges lie behind the slices; the same in all slices.</summary>
    public int Charges;
}
