using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

public class LayoutTests
{
    [Fact]
    public void Record_header_lies_as_drawn()
    {
        Assert.Equal(40, RecordHeader.Size);
        Assert.Equal(40, Marshal.SizeOf<RecordHeader>());
        Assert.Equal(
            [0, 4, 8, 16, 24, 32, 34, 36],
            Offsets<RecordHeader>("Checksum", "Length", "Sequence", "Epoch", "StampedAt", "Kind", "Layout", "Tenant"));
    }

    [Fact]
    public void Group_header_lies_as_drawn_and_fits_a_sector()
    {
        var header = typeof(RecordHeader).Assembly.GetType("PhoenixCore.Journal.Framing.GroupHeader")!;
        Assert.Equal(160, Marshal.SizeOf(header));
        Assert.Equal(
            [0, 8, 12, 16, 32, 40, 48, 56, 64, 72, 80, 88, 96, 100, 104, 112, 144],
            Offsets(header, "Magic", "Format", "Checksum", "Shard", "Segment", "Offset", "Group", "Epoch", "FirstSequence", "StampedAt", "DurableGroup", "DurableSequence", "Bytes", "Count", "RecordChecksums", "ChainAfter", "ChainBefore"));
    }

    [Fact]
    public void A_record_is_little_endian_on_disk()
    {
        var header = new RecordHeader { Checksum = 0x04030201, Length = 40, Sequence = 0x0807060504030201, Kind = 0x8001 };
        var bytes = TestJournal.Bytes(ref header);
        Assert.Equal([1, 2, 3, 4, 40, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], bytes[..16].ToArray());
        Assert.Equal([1, 0x80], bytes[32..34].ToArray());
    }

    /// <summary>The bytes on disk against the drawing, read without the code that wrote them.</summary>
    [Fact]
    public void A_group_on_disk_carries_what_is_drawn()
    {
        var storage = new SimulatedStorage();
        var journal = Journal.Open(storage, TestJournal.Small());
        using var group = new GroupBuffer(16 << 10);
        Commit(journal, group, 10);
        var before = journal.Position;
        Commit(journal, group, 7); // In a buffer that still holds a longer group.
        var after = journal.Position;

        var segment = storage.Raw("000000000001.segment");
        var start = GroupForger.StartsIn(segment)[1];
        var header = segment.Slice(start, 160);
        Assert.Equal(1u, MemoryMarshal.Read<uint>(header[8..]));
        Assert.Equal(GroupForger.Crc(header[16..]), MemoryMarshal.Read<uint>(header[12..]));
        Assert.Equal(TestJournal.Shard, new Guid(header.Slice(16, 16)));
        ulong[] numbers = [.. Enumerable.Range(0, 7).Select(i => MemoryMarshal.Read<ulong>(storage.Raw("000000000001.segment")[(start + 32 + (i * 8))..]))];
        Assert.Equal([1, (ulong)start, 2, 1, 11, (ulong)TestJournal.StampOf(17), 1], numbers);
        Assert.Equal(10ul, MemoryMarshal.Read<ulong>(header[88..]));
        Assert.Equal(7u, MemoryMarshal.Read<uint>(header[100..]));
        Assert.Equal(after.Chain, MemoryMarshal.Read<ChainValue>(header[112..]));
        Assert.Equal(before.Chain, MemoryMarshal.Read<ChainValue>(header[144..]));
        var bytes = MemoryMarshal.Read<int>(header[96..]);
        Assert.True(segment[(start + 160 + bytes)..(start + 4096)].IndexOfAnyExcept((byte)0) < 0);
        var checksums = new byte[7 * 4];
        for (int i = 0, at = start + 160; i < 7; i++)
        {
            var record = segment.Slice(at, MemoryMarshal.Read<int>(segment[(at + 4)..]));
            Assert.Equal(GroupForger.Crc(record[4..]), MemoryMarshal.Read<uint>(record));
            Assert.Equal(i == 6, (MemoryMarshal.Read<ushort>(record[32..]) & 0x8000) != 0);
            record[..4].CopyTo(checksums.AsSpan(i * 4));
            at += record.Length;
        }
        Assert.Equal(GroupForger.Crc(checksums), MemoryMarshal.Read<uint>(header[104..]));
        Assert.Equal(after.Chain, MemoryMarshal.Read<ChainValue>(SHA256.HashData([.. header[144..], .. segment.Slice(start + 160, bytes)])));
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(1, 48)]
    [InlineData(8, 48)]
    [InlineData(9, 56)]
    public void A_record_is_padded_to_eight_bytes(int payload, int length) => Assert.Equal(length, RecordHeader.LengthFor(payload));

    private static void Commit(Journal journal, GroupBuffer group, int records)
    {
        group.Clear();
        for (var i = 1; i <= records; i++)
            Assert.True(TestJournal.TryAdd(group, journal.LastSequence + (ulong)i, journal.Epoch));
        journal.Commit(group);
    }

    private static int[] Offsets<T>(params string[] fields) => Offsets(typeof(T), fields);

    private static int[] Offsets(Type type, params string[] fields) => [.. fields.Select(field => (int)Marshal.OffsetOf(type, field))];
}
