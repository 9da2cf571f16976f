namespace PhoenixCore.Journal.Framing;

/// <summary>What the first page of a segment file says.</summary>
internal enum SegmentHeaderState
{
    Good,
    Unreadable,
    OtherShard,
    FormatUnknown,
}
