namespace PhoenixCore.Journal;

/// <summary>A shard's append-only log of records: opens with recovery, commits groups durably, serves readers.</summary>
public sealed class Journal : IDisposable
{
    public static Journal Open(IJournalStorage storage, JournalOptions options, IRecordVisitor? visitor, IRecordIndexer? indexer = null, Action<string>? log = null) => throw new NotSupportedException();
    public static RecoveryReport Inspect(IJournalStorage storage, JournalOptions options, IRecordVisitor? visitor = null) => throw new NotSupportedException();
    public RecoveryReport Recovery => throw new NotSupportedException();
    public ulong Epoch => throw new NotSupportedException();
    public ulong LastSequence => throw new NotSupportedException();
    public JournalPosition Position => throw new NotSupportedException();
    public long ReadyBytes => throw new NotSupportedException();
    public JournalIoException? LastPreparationError => throw new NotSupportedException();
    public JournalReader Reader => throw new NotSupportedException();
    public void Commit(GroupBuffer group) => throw new NotSupportedException();
    public void CommitReceived(GroupBuffer group, ChainValue chainAfter) => throw new NotSupportedException();
    public void SealIfIdle(long nowMonotonicMilliseconds) => throw new NotSupportedException();
    public void RunMaintenance() => throw new NotSupportedException();
    public void Dispose() => throw new NotSupportedException();
}
