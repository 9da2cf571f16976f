namespace PhoenixCore.Journal;

/// <summary>What <see cref="JournalTail.Cut"/> has taken away.</summary>
/// <param name="Records">How many.</param>
/// <param name="Bytes">Of the quarantine files.</param>
/// <param name="Files">Their names.</param>
public sealed record CutTail(ulong Records, long Bytes, IReadOnlyList<string> Files);
