using System.Runtime.CompilerServices;
using PhoenixCore.Journal;
using PhoenixCore.Journal.Simulation;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Shard.Tests.Snapshots;

/// <summary>A shard's ledger, journal and snapshots on one thread and a disk that loses power: facts that were decided before are appended and applied again.</summary>
internal sealed unsafe class SimulatedShard : IDisposable
{
    private const int GroupBytes = 64 << 10;
    private static readonly LedgerOptions Sizes = new() { HugePages = false, HotKeys = 1 << 10, WalletsExpected = 64, RowsMax = 1 << 20 };
    private readonly SimulatedStorage _storage;
    private readonly IReadOnlyList<RecordedFact> _facts;
    private readonly Journal.Journal _journal;
    private readonly GroupBuffer _group = new(GroupBytes);

    public SimulatedShard(SimulatedStorage storage, IReadOnlyList<RecordedFact> facts)
    {
        (_storage, _facts) = (storage, facts);
        using var recovery = new SnapshotRecovery(storage, SnapshotTaking.Shard, Sizes);
        var options = new JournalOptions { ShardId = SnapshotTaking.Shard, SegmentBytesMin = 128 << 10, SegmentBytesMax = 128 << 10, GroupBytesMax = GroupBytes, SparesAhead = 1, OwnThreads = false };
        try
        {
            _journal = Journal.Journal.Open(storage, options, start: () => recovery.Begin());
        }
        catch (JournalDamagedException refusal)
        {
            throw recovery.Explain(refusal);
        }

        (Ledger, Used, Notes) = (recovery.Take(), recovery.Used, recovery.Notes);
    }

    public LedgerCore Ledger { get; }

    public SnapshotInfo? Used { get; }

    public IReadOnlyList<string> Notes { get; }

    public ulong Durable => _journal.LastSequence;

    /// <summary>Applies and commits the next facts as one group.</summary>
    public void Commit(int facts)
    {
        _group.Clear();
        Apply(facts);
        _journal.Commit(_group);
    }

    /// <summary>A snapshot with facts between its pieces.</summary>
    public void Snapshot()
    {
        using var image = new StateImage(Ledger.Sections());
        Ledger.Watch(image);
        using var writer = new SnapshotWriter(_storage, SnapshotTaking.Shard, image, Ledger.Sequence, Ledger.Stamp, Ledger.RowsMax);
        var sequence = Ledger.Sequence;
        for (var piece = 0; writer.CopyNext(); piece++)
        {
            if (piece % 12 == 5) Commit(2);
        }

        Ledger.Unwatch();
        while (writer.ReadBackNext())
        {
            // Piece by piece.
        }

        Assert.True(_journal.Reader.TryReadPosition(sequence, out var position, out var header));
        writer.Complete(position, header.Epoch);
        foreach (var name in SnapshotNames.In(_storage).Skip(SnapshotKeeper.KeptMin)) _storage.Delete(name);
    }

    public void Dispose()
    {
        try
        {
            _journal.Dispose();
        }
        catch (SimulatedCrashException)
        {
            // The power is off.
        }

        _group.Dispose();
        Ledger.Dispose();
    }

    private void Apply(int facts)
    {
        for (var i = 0; i < facts && Ledger.Sequence < (ulong)_facts.Count; i++)
        {
            var fact = _facts[(int)Ledger.Sequence];
            var length = RecordHeader.LengthFor(fact.Bytes.Length);
            var sequence = Ledger.Sequence + 1;
            new Span<byte>(_group.Tail, length).Clear();
            *(RecordHeader*)_group.Tail = new RecordHeader { Length = (uint)length, Sequence = sequence, Epoch = _journal.Epoch, StampedAt = fact.Context.Stamp, Kind = 1, Layout = 1, Tenant = fact.Context.Tenant };
            fixed (byte* payload = fact.Bytes) Unsafe.CopyBlockUnaligned(_group.Tail + RecordHeader.Size, payload, (uint)fact.Bytes.Length);
            Ledger.Apply(_group.Tail + RecordHeader.Size, fact.Context);
            _group.Advance(length, sequence);
        }
    }
}
