using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal;

/// <summary>A small file of two slots: a new content goes over the older slot and is synced, so that a torn write leaves the other one. One thread at a time.</summary>
/// <remarks><code>
///   slot:  0 Magic u64 · 8 Generation u64 · 16 Length u32 · 20 Checksum u32, CRC32C of generation, length and content · 24 Content
/// </code></remarks>
public sealed unsafe class DurableSlots
{
    /// <summary>Longest content.</summary>
    public const int BytesMax = SlotBytes - ContentAt;
    private const int SlotBytes = 32 << 10;
    private const int ContentAt = 24;
    private const ulong Magic = 0x544F4C5358485053; // "SPHXSLOT"

    private readonly IJournalStorage _storage;
    private readonly string _name;
    private ulong _generation;

    /// <summary>Reads the newest content from the device.</summary>
    public DurableSlots(IJournalStorage storage, string name)
    {
        (_storage, _name) = (storage, name);
        if (!storage.Exists(name))
            return;
        using var file = storage.Open(name, JournalFileMode.ReadWrite);
        file.Sync();
        file.DropCache();
        for (var slot = 0; slot < 2; slot++)
        {
            var bytes = new byte[SlotBytes];
            fixed (byte* memory = bytes)
            {
                if (file.Read(slot * SlotBytes, memory, SlotBytes) < ContentAt)
                    continue;
            }
            if (Open(bytes) is { } content && Generation(bytes) > _generation)
                (_generation, Content) = (Generation(bytes), content);
        }
        IsDamaged = Content is null;
    }

    /// <summary>What was written last; null = there is nothing.</summary>
    public byte[]? Content { get; private set; }

    /// <summary>The file is there, and neither slot can be read.</summary>
    public bool IsDamaged { get; }

    /// <summary>Durable on return.</summary>
    /// <exception cref="JournalIoException">It may be there or not; what was there before still is.</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, BytesMax);
        var memory = (byte*)NativeMemory.AlignedAlloc(SlotBytes, Page.Size);
        try
        {
            var slot = new Span<byte>(memory, SlotBytes);
            slot.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(slot, Magic);
            BinaryPrimitives.WriteUInt64LittleEndian(slot[8..], _generation + 1);
            BinaryPrimitives.WriteInt32LittleEndian(slot[16..], content.Length);
            content.CopyTo(slot[ContentAt..]);
            BinaryPrimitives.WriteUInt32LittleEndian(slot[20..], Checksum(slot, content.Length));
            if (_generation == 0)
                Create(memory);
            else
                Overwrite(memory, (int)((_generation + 1) % 2) * SlotBytes);
            (_generation, Content) = (_generation + 1, content.ToArray());
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private void Create(byte* slot)
    {
        using (var file = _storage.Open(_name + FileNames.Unfinished, JournalFileMode.Create))
        {
            file.Write(SlotBytes, slot, SlotBytes); // generation 1
            file.Sync();
        }
        _storage.Rename(_name + FileNames.Unfinished, _name);
        _storage.SyncDirectory();
    }

    private void Overwrite(byte* slot, int at)
    {
        using var file = _storage.Open(_name, JournalFileMode.ReadWrite);
        file.Write(at, slot, SlotBytes);
        file.Sync();
    }

    private static ulong Generation(ReadOnlySpan<byte> slot) => BinaryPrimitives.ReadUInt64LittleEndian(slot[8..]);

    private static byte[]? Open(ReadOnlySpan<byte> slot)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(slot[16..]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(slot) != Magic || length is < 0 or > BytesMax || Checksum(slot, length) != BinaryPrimitives.ReadUInt32LittleEndian(slot[20..]))
            return null;
        return slot.Slice(ContentAt, length).ToArray();
    }

    private static uint Checksum(ReadOnlySpan<byte> slot, int length)
    {
        var sum = BitOperations.Crc32C(uint.MaxValue, Generation(slot));
        sum = BitOperations.Crc32C(sum, (uint)length);
        foreach (var one in slot.Slice(ContentAt, length))
            sum = BitOperations.Crc32C(sum, one);
        return ~sum;
    }
}
