using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Recovery;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Counts the bytes that a recovery has replayed: the next snapshot is due so much sooner.</summary>
internal sealed unsafe class CountingVisitor : IRecordVisitor
{
    private IRecordVisitor? _inner;

    public long Bytes { get; private set; }

    public IRecordVisitor Around(LedgerCore ledger)
    {
        _inner = new ReplayVisitor(ledger);
        return this;
    }

    public void VisitRun(byte* records, int bytes, int count)
    {
        Bytes += bytes;
        _inner!.VisitRun(records, bytes, count);
    }
}
