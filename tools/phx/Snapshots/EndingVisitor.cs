using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Recovery;

namespace PhoenixCore.Tools.Snapshots;

/// <summary>Applies facts up to a sequence and ends the replay there.</summary>
internal sealed unsafe class EndingVisitor(LedgerCore ledger, ulong last) : IRecordVisitor
{
    private readonly ReplayVisitor _replay = new(ledger, last);

    public long Facts { get; private set; }

    public void VisitRun(byte* records, int bytes, int count)
    {
        var before = ledger.Sequence;
        _replay.VisitRun(records, bytes, count);
        Facts += (long)(ledger.Sequence - before);
        if (ledger.Sequence >= last) throw new ReplayEndedException();
    }
}
