using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.Tests;

/// <summary>What the tests write: records whose every byte follows from their sequence and epoch.</summary>
internal static unsafe class TestJournal
{
    public static readonly Guid Shard = new("6f1a3c52-94b1-4f0e-8a37-0c5b2f9d7e11");

    /// <summary>Small segments and groups, so that every boundary comes soon.</summary>
    public static JournalOptions Small(WriterKind writer = WriterKind.Pwrite, JournalPosition? replayAfter = null, Guid? shard = null, int spares = 1) => new()
    {
        ShardId = shard ?? Shard,
        SegmentBytesMin = 32 << 10,
        SegmentBytesMax = 64 << 10,
        GroupBytesMax = 16 << 10,
        SparesAhead = spares,
        Writer = writer,
        OwnThreads = false,
        ReplayAfter = replayAfter,
    };

    public static int PayloadBytes(ulong sequence) => (int)(sequence * 37 % 300);

    public static long StampOf(ulong sequence) => 1_700_000_000_000_000_000 + ((long)(sequence / 3) * 1_000);

    public static ushort KindOf(ulong sequence) => (ushort)(sequence % 50);

    public static void FillPayload(ulong sequence, Span<byte> payload)
    {
        for (var i = 0; i < payload.Length; i++)
            payload[i] = unchecked((byte)((sequence * 131) + (ulong)(i * 7) + 1));
    }

    /// <summary>Encodes one record.</summary>
    /// <returns>False when the buffer has no room left for it.</returns>
    public static bool TryAdd(GroupBuffer group, ulong sequence, ulong epoch)
    {
        var bytes = PayloadBytes(sequence);
        var length = RecordHeader.LengthFor(bytes);
        if (length > group.Remaining)
            return false;
        var header = (RecordHeader*)group.Tail;
        new Span<byte>(group.Tail, length).Clear();
        header->Length = (uint)length;
        header->Sequence = sequence;
        header->Epoch = epoch;
        header->StampedAt = StampOf(sequence);
        header->Kind = KindOf(sequence);
        header->Layout = 1;
        header->Tenant = 7;
        FillPayload(sequence, new Span<byte>(group.Tail + RecordHeader.Size, bytes));
        group.Advance(length, sequence);
        return true;
    }

    /// <summary>Commits one group of records behind the present end.</summary>
    public static void Commit(Journal journal, int records, int bufferBytes = 16 << 10)
    {
        using var group = new GroupBuffer(bufferBytes);
        for (var i = 0; i < records && TryAdd(group, journal.LastSequence + (ulong)i + 1, journal.Epoch); i++)
        {
        }
        journal.Commit(group);
    }

    /// <summary>Says what is wrong with a record; null when nothing is.</summary>
    public static string? Check(in RecordHeader header, ReadOnlySpan<byte> payload, ulong sequence)
    {
        if (header.Sequence != sequence)
            return $"sequence {header.Sequence} where {sequence} was expected";
        if (header.StampedAt != StampOf(sequence) || header.PlainKind != KindOf(sequence) || header.Tenant != 7 || header.Layout != 1)
            return $"header of {sequence} changed";
        var expected = new byte[RecordHeader.LengthFor(PayloadBytes(sequence)) - RecordHeader.Size];
        FillPayload(sequence, expected.AsSpan(0, PayloadBytes(sequence)));
        return payload.SequenceEqual(expected) ? null : $"payload of {sequence} changed";
    }

    public static ReadOnlySpan<byte> Bytes<T>(ref T value)
        where T : unmanaged => MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1));
}
