using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Tools.Names;

namespace PhoenixCore.Tools.Data;

/// <summary>A visitor of single facts that learns names from each before it is looked at. One thread.</summary>
internal abstract unsafe class FactWalk(JournalNames names) : IRecordVisitor
{
    protected JournalNames Names => names;

    public virtual void VisitRun(byte* records, int bytes, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var header = (RecordHeader*)records;
            var payload = records + RecordHeader.Size;
            names.Learn(new FactContext(header->Sequence, header->StampedAt, header->Tenant), payload);
            Visit(*header, payload);
            records += header->Length;
        }
    }

    protected abstract void Visit(in RecordHeader header, byte* payload);
}
