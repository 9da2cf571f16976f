namespace PhoenixCore.Ledger;

/// <summary>The ledger contradicts itself: a bug or damaged memory. Nothing may be answered after it.</summary>
public sealed class InvariantBrokenException(string expression) : Exception("invariant broken: " + expression);
