using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal.Slots;

/// <summary>One of the two 4 KiB slots of the epoch file; little-endian, zeros behind.</summary>
/// <remarks><code>
///     0 Magic     u64  "PHXEPOCH"
///     8 Format    u32  1
///    12 Checksum  u32  CRC32C of bytes 16..4095
///    16 Shard     16B
///    32 Epoch     u64  the highest one given out here
/// </code></remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct EpochSlot
{
    public const int Size = 40;
    public const ulong MagicValue = 0x48434F5045584850; // "PHXEPOCH" in little-endian order
    public const uint FormatValue = 1;
    private const int ChecksumFrom = 16;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public Guid Shard;
    [FieldOffset(32)] public ulong Epoch;

    public static void Write(byte* page, Guid shard, ulong epoch)
    {
        new Span<byte>(page, Page.Size).Clear();
        var slot = (EpochSlot*)page;
        slot->Magic = MagicValue;
        slot->Format = FormatValue;
        slot->Shard = shard;
        slot->Epoch = epoch;
        slot->Checksum = Crc32C.Of(page + ChecksumFrom, Page.Size - ChecksumFrom);
    }

    public static bool IsReadable(byte* page) =>
        ((EpochSlot*)page)->Magic == MagicValue
        && ((EpochSlot*)page)->Format == FormatValue
        && ((EpochSlot*)page)->Checksum == Crc32C.Of(page + ChecksumFrom, Page.Size - ChecksumFrom);
}
