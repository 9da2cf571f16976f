using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Recovery;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Finds where recovery begins: the newest snapshot that is whole, else the start of the journal.</summary>
/// <param name="shard">Whose snapshots.</param>
/// <param name="atMost">Neither later snapshots nor later facts.</param>
/// <param name="progress">Told how far a snapshot is loaded.</param>
public sealed class SnapshotRecovery(IJournalStorage storage, Guid shard, LedgerOptions options, ulong atMost = ulong.MaxValue, OpeningProgress? progress = null) : IDisposable
{
    private readonly List<string> _notes = [];

    /// <summary>False: everything on the calling thread.</summary>
    public bool OwnThreads { get; init; } = true;

    /// <summary>The ledger; it becomes whoever takes it.</summary>
    public LedgerCore? Ledger { get; private set; }

    /// <summary>The snapshot that was loaded; null = none.</summary>
    public SnapshotInfo? Used { get; private set; }

    /// <summary>Why newer ones were not.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Loads what there is; for <see cref="Journal.Journal.Open"/> and its like, once the directory is taken.</summary>
    /// <param name="visitorOf">Applies facts to the ledger; null = a plain replay.</param>
    /// <exception cref="JournalDamagedException">A snapshot of another shard lies here.</exception>
    public ReplayStart Begin(Func<LedgerCore, IRecordVisitor>? visitorOf = null)
    {
        foreach (var name in SnapshotNames.In(storage))
        {
            if (SnapshotNames.TryParse(name, out var sequence) && sequence > atMost) continue;
            if (TryLoad(name)) break;
        }

        Ledger ??= new LedgerCore(options);
        return new ReplayStart(Used?.Position, visitorOf is null ? new ReplayVisitor(Ledger, atMost) : visitorOf(Ledger));
    }

    /// <summary>The same without any snapshot.</summary>
    public ReplayStart BeginWithout(Func<LedgerCore, IRecordVisitor> visitorOf)
    {
        Ledger = new LedgerCore(options);
        return new ReplayStart(null, visitorOf(Ledger));
    }

    /// <summary>The same refusal, with the snapshot that it is about.</summary>
    public JournalDamagedException Explain(JournalDamagedException refusal) => Used is not { } used || refusal.Case != RecoveryCase.StartNotFound
        ? refusal
        : new JournalDamagedException(refusal.Case, refusal.Segment, refusal.Offset, refusal.Sequence,
            $"snapshot {used.Name}, case f: it was taken at sequence {used.Sequence} with the chain value {used.Position.Chain}, and {refusal.Explanation} One of the two is of another history.");

    /// <summary>The ledger's new owner disposes it.</summary>
    public LedgerCore Take()
    {
        var ledger = Ledger ?? throw new InvalidOperationException("nothing was begun");
        Ledger = null;
        return ledger;
    }

    public void Dispose() => Ledger?.Dispose();

    private bool TryLoad(string name)
    {
        var ledger = new LedgerCore(options);
        try
        {
            using var reader = SnapshotReader.Open(storage, name, shard);
            progress?.BeginSnapshot(reader.Info.Bytes);
            reader.Load(ledger, progress, OwnThreads);
            (Ledger, Used) = (ledger, reader.Info);
            return true;
        }
        catch (SnapshotUnusableException unusable)
        {
            ledger.Dispose();
            if (unusable.Flaw == SnapshotFlaw.OtherShard) throw new JournalDamagedException(RecoveryCase.OtherShard, 0, unusable.Offset, 0, unusable.Message);
            _notes.Add($"{unusable.Message} It was not used.");
            return false;
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }
}
