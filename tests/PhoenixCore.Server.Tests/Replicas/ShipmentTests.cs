using PhoenixCore.Journal;
using PhoenixCore.Server.Replicas;

namespace PhoenixCore.Server.Tests.Replicas;

/// <summary>Which groups of a leader travel together.</summary>
public sealed unsafe class ShipmentTests : IDisposable
{
    private const int PayloadBytes = 1_000;
    private const int PerGroup = 10;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("phoenix-shipment-");
    private readonly Journal.Journal _journal;

    public ShipmentTests()
    {
        _journal = Journal.Journal.Open(new PosixStorage(_directory.FullName), new JournalOptions { ShardId = Guid.NewGuid(), SegmentBytesMin = 2 << 20, SegmentBytesMax = 2 << 20 });
        for (var group = 0; group < 6; group++) Commit();
    }

    [Fact]
    public void What_is_committed_travels_together_up_to_the_length_of_a_group()
    {
        using var cursor = _journal.Durable.OpenCursor(1);
        var shipment = new Shipment(cursor, 40_000);
        Assert.Equal([(1, 30), (31, 60)], Fill(shipment, committed: ulong.MaxValue));
        Commit();
        Assert.Equal([(61, 70)], Fill(shipment, committed: ulong.MaxValue));
    }

    [Fact]
    public void What_may_still_be_cut_travels_group_by_group()
    {
        using var cursor = _journal.Durable.OpenCursor(1);
        Assert.Equal([(1, 20), (21, 30), (31, 40), (41, 50), (51, 60)], Fill(new Shipment(cursor, 1 << 20), committed: 20));
    }

    [Fact]
    public void A_message_ends_where_a_digest_is_wanted()
    {
        using var cursor = _journal.Durable.OpenCursor(1);
        Assert.Equal([(1, 30), (31, 60)], Fill(new Shipment(cursor, 1 << 20), committed: ulong.MaxValue, mark: 30));
    }

    public void Dispose()
    {
        _journal.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>First and last sequences of the messages; each must begin where the one before ended, chain and all.</summary>
    private static List<(int First, int Last)> Fill(Shipment shipment, ulong committed, ulong mark = 0)
    {
        var found = new List<(int, int)>();
        JournalPosition? end = null;
        while (shipment.Fill(committed, mark))
        {
            Assert.Equal(end ?? shipment.Before, shipment.Before);
            Assert.Equal(shipment.Count * RecordHeader.LengthFor(PayloadBytes), shipment.Records.Length);
            end = new JournalPosition(shipment.Last, shipment.ChainAfter);
            found.Add(((int)shipment.First, (int)shipment.Last));
        }

        return found;
    }

    private void Commit()
    {
        using var group = new GroupBuffer(1 << 20);
        for (var i = 1; i <= PerGroup; i++)
        {
            var sequence = _journal.LastSequence + (ulong)i;
            var length = RecordHeader.LengthFor(PayloadBytes);
            new Span<byte>(group.Tail, length).Clear();
            *(RecordHeader*)group.Tail = new RecordHeader { Length = (uint)length, Sequence = sequence, Epoch = _journal.Epoch, StampedAt = 1, Kind = 1, Layout = 1 };
            group.Advance(length, sequence);
        }

        _journal.Commit(group);
    }
}
