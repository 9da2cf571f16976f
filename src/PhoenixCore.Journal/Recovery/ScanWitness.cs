namespace PhoenixCore.Journal.Recovery;

/// <summary>A readable group header behind the end of the journal.</summary>
internal readonly record struct ScanWitness(ulong Segment, long Offset, ulong Group, ulong DurableGroup, ulong FirstSequence);
