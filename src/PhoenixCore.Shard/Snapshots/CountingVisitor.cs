using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Recovery;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Counts the bytes that a recovery has replayed: the next snapshot is due so much sooner.</summary>
internal sealed unsafe class CountingVisitor(IShardReplication? replication = null) : IRecordVisitor
{
    private IRecordVisitor? _inner;

    public long Bytes { get; private set; }

    public IRecordVisitor Around(LedgerCore ledger)
    {
        _inner = new ReplayVisitor(ledger, replication is null ? ulong.MaxValue : Math.Max(replication.Committed, ledger.Sequence));
        return this;
    }

    public void VisitRun(byte* records, int bytes, int count)
    {
        Bytes += bytes;
        if (replication is not null) Tell(replication, records, count);
        _inner!.VisitRun(records, bytes, count);
    }

    private static void Tell(IShardReplication replication, byte* records, int count)
    {
        replication.OnReplayedRun(*(RecordHeader*)records);
        for (var i = 0; i < count; i++)
        {
            var header = (RecordHeader*)records;
            if (MembersFact.Is(*header)) replication.OnReplayedMembers(MembersFact.Read(records + RecordHeader.Size), header->Sequence);
            records += header->Length;
        }
    }
}
