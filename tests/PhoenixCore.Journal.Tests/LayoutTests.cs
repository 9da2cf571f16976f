using System.Runtime.InteropServices;

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

    [Theory]
    [InlineData(0, 40)]
    [InlineData(1, 48)]
    [InlineData(8, 48)]
    [InlineData(9, 56)]
    public void A_record_is_padded_to_eight_bytes(int payload, int length) => Assert.Equal(length, RecordHeader.LengthFor(payload));

    private static int[] Offsets<T>(params string[] fields) => Offsets(typeof(T), fields);

    private static int[] Offsets(Type type, params string[] fields) => [.. fields.Select(field => (int)Marshal.OffsetOf(type, field))];
}
