using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

/// <summary>The terms of a lot that a reversal makes again. Items stand in the order of their postings.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ReturnedTerms
{
    /// <summary>Index of the posting within its part.</summary>
    public int Posting;
    public int Zero;

    /// <summary>What the terms' texts are found by.</summary>
    public ulong Source;
    public CreditedBody Terms;
}
