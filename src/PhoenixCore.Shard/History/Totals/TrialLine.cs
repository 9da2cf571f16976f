using System.Numerics;

namespace PhoenixCore.Shard.History.Totals;

/// <summary>One line of a trial balance, in smallest units.</summary>
/// <param name="Debits">All that was debited.</param>
/// <param name="Credits">All that was credited.</param>
public readonly record struct TrialLine(AccountClass Class, BigInteger Debits, BigInteger Credits);
