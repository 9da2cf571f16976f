using System.Runtime.CompilerServices;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.Recovery;

/// <summary>Applies the journal's facts to a ledger: recovery, time travel, verification. No decision is made again.</summary>
public sealed unsafe class ReplayVisitor : IRecordVisitor
{
    private const int Ahead = 16;

    private readonly LedgerCore _ledger;
    private readonly ulong _last;

    /// <param name="lastSequence">Facts after it are not applied.</param>
    public ReplayVisitor(LedgerCore ledger, ulong lastSequence = ulong.MaxValue)
    {
        _ledger = ledger;
        _last = lastSequence;
    }

    /// <inheritdoc/>
    public void VisitRun(byte* records, int bytes, int count)
    {
        var ahead = records;
        for (var i = 0; i < Ahead && i < count; i++) ahead = Prefetch(ahead);
        for (var i = 0; i < count; i++)
        {
            if (i + Ahead < count) ahead = Prefetch(ahead);
            var header = (RecordHeader*)records;
            if (header->Sequence > _last) return;
            _ledger.Apply(unchecked(records + RecordHeader.Size), new FactContext(header->Sequence, header->StampedAt, header->Tenant));
            records = unchecked(records + header->Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Prefetch(byte* record)
    {
        _ledger.PrefetchFact(unchecked(record + RecordHeader.Size));
        return unchecked(record + ((RecordHeader*)record)->Length);
    }
}
