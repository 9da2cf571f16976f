using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>A small journal's last groups, cut, zeroed and flipped at every byte and bit.</summary>
public class TailSweepTests
{
    private const string Segment = "000000000001.segment";
    private readonly SimulatedStorage _attested;
    private readonly SimulatedStorage _unattested;
    private readonly List<int> _starts;
    private readonly int _end;

    public TailSweepTests()
    {
        _attested = Written(close: true);
        _unattested = Written(close: false);
        _unattested.Remove("control");
        _starts = GroupForger.StartsIn(_unattested.Raw(Segment));
        _end = _starts[^1] + GroupForger.FramedBytes(_unattested.Raw(Segment)[_starts[^1]..]);
    }

    private int SweepFrom => _starts[^2];

    [Fact]
    public void Cut_at_every_byte_without_a_witness_keeps_every_whole_group()
    {
        for (var cut = SweepFrom; cut <= _end; cut++)
        {
            var storage = _unattested.Copy();
            storage.SetLength(Segment, cut);
            var report = Inspect(storage);
            Assert.Equal(WholeBefore(cut), report.LastSequence);
        }
    }

    [Fact]
    public void Zeroed_from_every_byte_without_a_witness_keeps_every_whole_group()
    {
        for (var cut = SweepFrom; cut <= _end; cut++)
        {
            var storage = _unattested.Copy();
            storage.Raw(Segment)[cut..].Clear();
            var whole = WholeBefore(cut);
            // The padding is zero anyway, and so may be the last bytes of the last record.
            var report = Inspect(storage);
            Assert.True(report.LastSequence >= whole);
            Assert.True(report.LastSequence == whole || storage.Raw(Segment).SequenceEqual(_unattested.Raw(Segment)) || cut > PayloadEnd(whole + 10));
        }
    }

    [Fact]
    public void Every_flipped_bit_without_a_witness_is_proved_torn_or_changes_nothing()
    {
        var last = _starts[^1];
        var storage = _unattested.Copy();
        for (var at = last; at < _end; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                storage.Raw(Segment)[at] ^= (byte)(1 << bit);
                var report = Inspect(storage);
                Assert.Equal(at < last + Used(last) ? 30UL : 40UL, report.LastSequence);
                storage.Raw(Segment)[at] ^= (byte)(1 << bit);
            }
        }
    }

    [Fact]
    public void Every_flipped_bit_of_attested_groups_is_refused_or_changes_nothing()
    {
        var storage = _attested.Copy();
        var starts = GroupForger.StartsIn(storage.Raw(Segment));
        for (var group = 2; group < 4; group++)
        {
            for (var at = starts[group]; at < starts[group] + 4096; at++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    storage.Raw(Segment)[at] ^= (byte)(1 << bit);
                    CheckAttested(storage, starts[group], at < starts[group] + Used(starts[group]), $"byte {at}, bit {bit}");
                    storage.Raw(Segment)[at] ^= (byte)(1 << bit);
                }
            }
        }
    }

    [Fact]
    public void Every_cut_of_attested_groups_is_refused()
    {
        var starts = GroupForger.StartsIn(_attested.Raw(Segment));
        for (var cut = starts[2]; cut < starts[3] + Used(starts[3]); cut += 3)
        {
            foreach (var zeroed in new[] { false, true })
            {
                var storage = _attested.Copy();
                if (zeroed)
                    storage.Raw(Segment)[cut..].Clear();
                else
                    storage.SetLength(Segment, cut);
                Assert.Throws<JournalDamagedException>(() => Inspect(storage));
            }
        }
    }

    private static void CheckAttested(SimulatedStorage storage, int start, bool matters, string where)
    {
        try
        {
            Assert.Equal(40UL, Inspect(storage).LastSequence);
            Assert.False(matters, where);
        }
        catch (JournalDamagedException refused)
        {
            Assert.True(matters, where);
            Assert.Equal((1UL, (long)start), (refused.Segment, refused.Offset));
        }
    }

    private static RecoveryReport Inspect(SimulatedStorage storage) => Journal.Inspect(storage, TestJournal.Small(), new CheckingVisitor());

    private int Used(int start) =>
        160 + (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(_unattested.Raw(Segment)[(start + 96)..]);

    private ulong WholeBefore(int cut) => (ulong)_starts.Count(start => start + GroupForger.FramedBytes(_unattested.Raw(Segment)[start..]) <= cut) * 10;

    private int PayloadEnd(ulong sequence)
    {
        var start = _starts[(int)(sequence / 10) - 1];
        return start + Used(start) - 8;
    }

    private static SimulatedStorage Written(bool close)
    {
        var storage = new SimulatedStorage();
        var journal = Journal.Open(storage, TestJournal.Small());
        for (var group = 0; group < 4; group++)
            TestJournal.Commit(journal, 10);
        if (!close)
            return storage.Restart();
        journal.Dispose();
        return storage;
    }
}
