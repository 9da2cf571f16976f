using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>A blocked Bloom filter in native memory: eight bits of one 64-byte line per key, so that a key a run does not have costs one line.</summary>
/// <remarks>11.6 bits per key in large runs: about 1 in 200 absent keys is looked up in vain. Small runs are many and hold few keys, so theirs have 21
/// bits: 1 in some thousands. Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient
/// Bloom Filters", 2007. Lines go up with the hash, so that a filter is written in the order of a run's rows.</remarks>
internal static unsafe class KeyFilter
{
    public const int LineBytes = 64;
    private const int KeysPerLine = 44;
    private const int KeysPerLineSmall = 24;
    private const long SmallKeysMax = 4 << 20;
    private const int LineWords = 8;

    public static long LinesFor(long keys) => (keys / (keys <= SmallKeysMax ? KeysPerLineSmall : KeysPerLine)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong* LineOf(ulong* filter, long lines, ulong hash) => filter + ((long)Math.BigMul(hash, (ulong)lines, out _) * LineWords);

    public static void Add(ulong* line, ulong hash)
    {
        var bits = BitsOf(hash);
        for (var i = 0; i < LineWords; i++)
            line[i] |= 1UL << (int)((bits >> (i * 6)) & 63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayHold(ulong* line, ulong hash)
    {
        var bits = BitsOf(hash);
        if (Avx2.IsSupported)
        {
            var all = Vector256.Create(bits);
            var low = Avx2.ShiftRightLogicalVariable(all, Vector256.Create(0UL, 6, 12, 18)) & Vector256.Create(63UL);
            var high = Avx2.ShiftRightLogicalVariable(all, Vector256.Create(24UL, 30, 36, 42)) & Vector256.Create(63UL);
            var missing = Avx2.AndNot(Vector256.LoadAligned(line), Avx2.ShiftLeftLogicalVariable(Vector256<ulong>.One, low))
                | Avx2.AndNot(Vector256.LoadAligned(line + 4), Avx2.ShiftLeftLogicalVariable(Vector256<ulong>.One, high));
            return missing == Vector256<ulong>.Zero;
        }
        for (var i = 0; i < LineWords; i++)
        {
            if ((line[i] & (1UL << (int)((bits >> (i * 6)) & 63))) == 0)
                return false;
        }
        return true;
    }

    /// <summary>Six bits for each word of the line, other ones than those that chose the line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BitsOf(ulong hash) => unchecked(hash * 0x9E3779B97F4A7C15) >> 16;
}
