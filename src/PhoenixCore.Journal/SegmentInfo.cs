namespace PhoenixCore.Journal;

/// <summary>A sealed segment: what it holds, without opening it.</summary>
/// <param name="Number">1, 2, 3 … in the order of the journal.</param>
/// <param name="FirstSequence">Of its first record; the next to come where it holds none.</param>
/// <param name="LastSequence">Of its last record; FirstSequence - 1 where it holds none.</param>
/// <param name="FirstStampedAt">Ledger time of its first record, Unix nanoseconds.</param>
/// <param name="LastStampedAt">Ledger time of its last record, Unix nanoseconds.</param>
/// <param name="Bytes">Valid bytes of the file, segment header included.</param>
/// <param name="Indexed">Whether its side index can be asked.</param>
public readonly record struct SegmentInfo(
    ulong Number,
    ulong FirstSequence,
    ulong LastSequence,
    long FirstStampedAt,
    long LastStampedAt,
    long Bytes,
    bool Indexed);
