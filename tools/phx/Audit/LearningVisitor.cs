using PhoenixCore.Journal;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Names;

namespace PhoenixCore.Tools.Audit;

/// <summary>Learns names on the way to another visitor.</summary>
internal sealed unsafe class LearningVisitor : FactWalk
{
    private readonly IRecordVisitor _inner;
    private readonly List<TenantEntry> _tenants = [];

    public LearningVisitor(JournalNames names, IRecordVisitor inner)
        : base(names)
    {
        _inner = inner;
        names.TenantSeen += _tenants.Add;
    }

    /// <summary>In the order of their making.</summary>
    public IReadOnlyList<TenantEntry> Tenants => _tenants;

    public override void VisitRun(byte* records, int bytes, int count)
    {
        base.VisitRun(records, bytes, count);
        _inner.VisitRun(records, bytes, count);
    }

    protected override void Visit(in RecordHeader header, byte* payload)
    {
        // Its names are learned already; the other visitor gets whole runs.
    }
}
