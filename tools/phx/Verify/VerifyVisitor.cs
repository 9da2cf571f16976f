using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Recovery;

namespace PhoenixCore.Tools.Verify;

/// <summary>Replays every fact into a ledger and notes where epochs begin.</summary>
internal sealed unsafe class VerifyVisitor(LedgerCore ledger) : IRecordVisitor
{
    private readonly ReplayVisitor _replay = new(ledger);
    private readonly List<EpochSeen> _epochs = [];

    public IReadOnlyList<EpochSeen> Epochs => _epochs;

    public void VisitRun(byte* records, int bytes, int count)
    {
        var record = records;
        for (var i = 0; i < count; i++)
        {
            var header = (RecordHeader*)record;
            if (_epochs.Count == 0 || _epochs[^1].Epoch != header->Epoch) _epochs.Add(new EpochSeen(header->Epoch, header->Sequence, header->StampedAt));
            record += header->Length;
        }

        _replay.VisitRun(records, bytes, count);
    }
}
