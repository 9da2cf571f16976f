namespace PhoenixCore.Journal.SideIndex;

/// <summary>A blocked Bloom filter: eight bits of one 64-byte line per key, so that asking a segment for a key it does not have costs one line.</summary>
/// <remarks>At 12 bits per key about 1 in 150 absent keys is looked up in vain. Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient
/// Bloom Filters", 2007. The hash comes from the caller and is taken as uniform.</remarks>
internal static class KeyFilter
{
    private const int BitsPerKey = 12;
    private const int LineWords = 8;

    public static int WordsFor(int keys) => ((keys * BitsPerKey / 512) + 1) * LineWords;

    public static void Add(Span<ulong> words, in UInt128 hash)
    {
        var line = LineOf(words, hash);
        for (var i = 0; i < LineWords; i++)
            line[i] |= BitOf(hash, i);
    }

    public static bool MayHold(ReadOnlySpan<ulong> words, in UInt128 hash)
    {
        var start = StartOf(words.Length, hash);
        for (var i = 0; i < LineWords; i++)
        {
            if ((words[start + i] & BitOf(hash, i)) == 0)
                return false;
        }
        return true;
    }

    private static Span<ulong> LineOf(Span<ulong> words, in UInt128 hash) => words.Slice(StartOf(words.Length, hash), LineWords);

    private static int StartOf(int words, in UInt128 hash) =>
        (int)Math.BigMul((ulong)(hash >> 64), (ulong)(words / LineWords), out _) * LineWords;

    /// <summary>One bit in each word of the line, six bits of the hash's low half at a time.</summary>
    private static ulong BitOf(in UInt128 hash, int word) => 1UL << (int)((hash >> (word * 6)) & 63);
}
