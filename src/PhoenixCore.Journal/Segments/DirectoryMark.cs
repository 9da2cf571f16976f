using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.Segments;

/// <summary>A place in a segment where a record begins: the start of each group's records and every 16 KiB within.</summary>
/// <param name="Sequence">Of that record.</param>
/// <param name="StampedAt">Of that record, Unix nanoseconds.</param>
/// <param name="Offset">Of that record in the segment.</param>
/// <param name="RecordsEnd">Where the records of its group end; up to there Length leads from record to record.</param>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal readonly record struct DirectoryMark(ulong Sequence, long StampedAt, uint Offset, uint RecordsEnd)
{
    /// <summary>Distance between marks inside a group: a reader walks at most this far.</summary>
    public const int Spacing = 16 << 10;

    public static int CountMax(long segmentBytes) => (int)(segmentBytes / Page.Size + segmentBytes / Spacing) + 1;
}
