namespace PhoenixCore.Journal;

/// <summary>Records from another copy do not continue this one. Nothing was written; both copies have to stop until someone has looked.</summary>
public sealed class JournalDivergedException(ulong sequence, ChainValue here, ChainValue there, string what)
    : Exception($"From sequence {sequence} on the received records {what}; the chain leads to {here} here and to {there} there.")
{
    /// <summary>First sequence received.</summary>
    public ulong Sequence { get; } = sequence;
}
