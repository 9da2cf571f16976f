using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger;

/// <summary>A number names a thing for ever: 52 bits of the sequence that made it, 12 bits of ordinal within that fact.</summary>
/// <remarks>The same packing names an entry: sequence and ordinal of the entry (2 × posting + side).</remarks>
public static class Numbers
{
    public const int OrdinalBits = 12;
    public const int OrdinalMax = (1 << OrdinalBits) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong sequence, int ordinal) => unchecked((sequence << OrdinalBits) | (uint)ordinal);

    public static ulong SequenceOf(ulong number) => number >> OrdinalBits;

    public static int OrdinalOf(ulong number) => (int)(number & OrdinalMax);
}
