namespace PhoenixCore.Journal;

/// <summary>The unit in which the journal writes.</summary>
internal static class Page
{
    public const int Size = 4096;
    public const int Mask = Size - 1;

    public static long RoundUp(long bytes) => (bytes + Mask) & ~(long)Mask;
}
