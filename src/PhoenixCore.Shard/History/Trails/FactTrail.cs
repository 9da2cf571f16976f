using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History.Trails;

/// <summary>Facts that may belong to a list, newest first. One thread.</summary>
public abstract class FactTrail(ReadBudget budget)
{
    /// <summary>The fact it stands on.</summary>
    public HeldFact Fact { get; } = new();

    protected ReadBudget Budget => budget;

    /// <summary>Goes to the next older fact.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="HistoryLimitException">The request may not look at more; go on below <see cref="FactContext.Sequence"/> of the last one.</exception>
    public abstract bool MoveNext();
}
