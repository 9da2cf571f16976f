namespace PhoenixCore.Journal;

/// <summary>An end that a copy of a journal may have.</summary>
/// <param name="Segment">The last one.</param>
/// <param name="Bytes">Of it.</param>
/// <param name="Sequence">The last in it.</param>
public readonly record struct JournalCut(ulong Segment, long Bytes, ulong Sequence);
