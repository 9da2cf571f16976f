using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger;

/// <summary>One slice of the credit, transfer or capture that a reversal undoes, as its fact has it. Amount in smallest units; slices stand in the fact's order.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OriginalSlice
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

    /// <summary>Handle; the same in all slices.</summary>
    public int Asset;
}
