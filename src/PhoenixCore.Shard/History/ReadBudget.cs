using PhoenixCore.Journal;

namespace PhoenixCore.Shard.History;

/// <summary>How many facts one request may still look at. One thread.</summary>
public sealed class ReadBudget(JournalReader reader, int facts)
{
    public int Left { get; private set; } = facts;

    public JournalReader Reader => reader;

    /// <summary>Reads a durable fact and counts it.</summary>
    /// <exception cref="HistoryArchivedException">It is older than what is here.</exception>
    /// <exception cref="HistoryLimitException">Nothing is left.</exception>
    public void Read(ulong sequence, HeldFact into)
    {
        if (Left-- <= 0) throw new HistoryLimitException();
        if (!into.TryRead(reader, sequence)) throw new HistoryArchivedException(sequence);
    }
}
