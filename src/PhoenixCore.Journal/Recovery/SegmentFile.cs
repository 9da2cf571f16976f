namespace PhoenixCore.Journal.Recovery;

/// <summary>A segment file as recovery finds it.</summary>
internal readonly record struct SegmentFile(ulong Number, long Length);
