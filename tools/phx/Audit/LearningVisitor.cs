using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Tools.Names;

namespace PhoenixCore.Tools.Audit;

/// <summary>Learns names on the way to another visitor.</summary>
internal sealed unsafe class LearningVisitor : IRecordVisitor
{
    private readonly JournalNames _names;
    private readonly IRecordVisitor _inner;
    private readonly List<TenantEntry> _tenants = [];

    public LearningVisitor(JournalNames names, IRecordVisitor inner)
    {
        (_names, _inner) = (names, inner);
        names.TenantSeen += _tenants.Add;
    }

    /// <summary>In the order of their making.</summary>
    public IReadOnlyList<TenantEntry> Tenants => _tenants;

    public void VisitRun(byte* records, int bytes, int count)
    {
        var record = records;
        for (var i = 0; i < count; i++)
        {
            var header = (RecordHeader*)record;
            _names.Learn(new FactContext(header->Sequence, header->StampedAt, header->Tenant), record + RecordHeader.Size);
            record += header->Length;
        }

        _inner.VisitRun(records, bytes, count);
    }
}
