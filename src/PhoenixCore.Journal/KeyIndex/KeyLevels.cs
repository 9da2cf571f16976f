using System.Numerics;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>Which runs to merge: a level is eight times as large as the one below, and eight neighbours of one level become one of the next.</summary>
internal static class KeyLevels
{
    public const int FanOut = 8;
    private const int FanOutBits = 3;

    /// <summary>So large that a run's tables and counts stay far from what an array or an offset can hold.</summary>
    private const long KeysMax = 1L << 35;

    /// <param name="runs">Keys of each run, oldest first.</param>
    /// <param name="tailKeys">Keys of the runs that tails become.</param>
    /// <param name="mayJoin">Whether runs from one index through another lie side by side and may become one.</param>
    /// <returns>The runs to merge; an empty range when nothing is to be done.</returns>
    public static Range Choose(ReadOnlySpan<long> runs, int tailKeys, Func<int, int, bool> mayJoin)
    {
        for (var level = 0; level <= LevelOf(KeysMax, tailKeys); level++)
        {
            if (Find(runs, tailKeys, level, mayJoin) is { } range)
                return range;
        }
        return default;
    }

    public static int LevelOf(long keys, int tailKeys) => keys <= tailKeys ? 0 : (BitOperations.Log2((ulong)((keys - 1) / tailKeys)) / FanOutBits) + 1;

    /// <summary>Enough runs of a level with none above it in between; smaller ones among them come along.</summary>
    private static Range? Find(ReadOnlySpan<long> runs, int tailKeys, int level, Func<int, int, bool> mayJoin)
    {
        var (start, found, keys) = (0, 0, 0L);
        for (var i = 0; i < runs.Length; i++)
        {
            var own = LevelOf(runs[i], tailKeys);
            if (own > level || keys + runs[i] > KeysMax || (found != 0 && !mayJoin(start, i)))
                (start, found, keys) = (i + 1, 0, 0);
            if (own > level || (own < level && found == 0))
            {
                start = i + 1;
                continue;
            }
            start = found == 0 ? i : start;
            keys += runs[i];
            found += own == level ? 1 : 0;
            if (found == FanOut)
                return start..(i + 1);
        }
        return null;
    }
}
