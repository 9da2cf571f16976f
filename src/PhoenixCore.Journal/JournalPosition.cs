namespace PhoenixCore.Journal;

/// <summary>A durable end of a run: its last sequence and the record chain's value there.</summary>
public readonly record struct JournalPosition(ulong Sequence, ChainValue Chain);
