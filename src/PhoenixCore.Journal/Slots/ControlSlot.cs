using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal.Slots;

/// <summary>One of the two slots of the control file: the last position known durable, told after each sync; little-endian.</summary>
/// <remarks><code>
///     0 Magic     u64  "PHXCNTRL"
///     8 Format    u32  1
///    12 Checksum  u32  CRC32C of bytes 16..79
///    16 Shard     16B
///    32 Group     u64  last durable group
///    40 Sequence  u64  last durable sequence
///    48 Chain     16B  the record chain's value there
///    64 Epoch     u64
///    72 Reserved  u64  zero
/// </code>
/// The slot itself is never synced: it is a witness that survives when it can. A group takes the slot of its number's parity, each in a
/// sector and page of its own, so that a torn write leaves the other one.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct ControlSlot
{
    public const int Size = 80;
    public const ulong MagicValue = 0x4C52544E43584850; // "PHXCNTRL" in little-endian order
    public const uint FormatValue = 1;
    public const int SectorBytes = 512;
    private const int ChecksumFrom = 16;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public Guid Shard;
    [FieldOffset(32)] public ulong Group;
    [FieldOffset(40)] public ulong Sequence;
    [FieldOffset(48)] public ChainValue Chain;
    [FieldOffset(64)] public ulong Epoch;
    [FieldOffset(72)] public ulong Reserved;

    public static long OffsetFor(ulong group) => (long)(group % 2) * Page.Size;

    public static void Finish(ControlSlot* slot)
    {
        slot->Magic = MagicValue;
        slot->Format = FormatValue;
        slot->Checksum = Crc32C.Of((byte*)slot + ChecksumFrom, Size - ChecksumFrom);
    }

    public static bool IsReadable(ControlSlot* slot) =>
        slot->Magic == MagicValue && slot->Format == FormatValue && slot->Checksum == Crc32C.Of((byte*)slot + ChecksumFrom, Size - ChecksumFrom);
}
