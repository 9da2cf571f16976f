using System.Globalization;

namespace PhoenixCore.Journal.Segments;

/// <summary>What the files of a journal's directory are called.</summary>
internal static class FileNames
{
    public const string Lock = "lock";
    public const string Epoch = "epoch";
    public const string Control = "control";
    public const string Unfinished = ".tmp";
    private const string SegmentEnding = ".segment";
    private const string IndexEnding = ".index";
    private const string KeyRunEnding = ".keys";

    public static string Segment(ulong number) => number.ToString("D12", CultureInfo.InvariantCulture) + SegmentEnding;

    public static string Index(ulong number) => number.ToString("D12", CultureInfo.InvariantCulture) + IndexEnding;

    /// <summary>Named after the records whose keys it holds.</summary>
    public static string KeyRun(ulong first, ulong last) => string.Create(CultureInfo.InvariantCulture, $"{first:D16}-{last:D16}{KeyRunEnding}");

    /// <summary>Unique, since no place of a journal is written twice in one epoch.</summary>
    public static string Quarantine(ulong segment, long offset, ulong epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{segment:D12}-{offset:D9}-{epoch}.quarantine");

    public static bool TryParseSegment(string name, out ulong number)
    {
        number = 0;
        return name.EndsWith(SegmentEnding, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, name.Length - SegmentEnding.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number != 0;
    }

    public static bool TryParseKeyRun(string name, out ulong first, out ulong last)
    {
        (first, last) = (0, 0);
        if (!name.EndsWith(KeyRunEnding, StringComparison.Ordinal) || name.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var dash))
            return false;
        return TryParse(name.AsSpan(0, dash), out first)
            && TryParse(name.AsSpan(dash + 1, name.Length - KeyRunEnding.Length - dash - 1), out last)
            && first != 0 && first <= last;
    }

    private static bool TryParse(ReadOnlySpan<char> digits, out ulong number) => ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
