using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal;

/// <summary>Native memory into which records are encoded back to back, to be committed as one group; reused.</summary>
/// <remarks>
/// One thread at a time: whoever encodes hands it over to the committer and gets it back after <see cref="Journal.Commit"/>.
/// The room in front of the records belongs to the group's header, the room behind them to its padding.
/// </remarks>
public sealed unsafe class GroupBuffer : IDisposable
{
    private const int Page = 4096;
    private byte* _memory;

    /// <param name="bytes">The whole group with header and padding; a multiple of 4,096 and at most the journal's GroupBytesMax.</param>
    public GroupBuffer(int bytes = 1 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, Page);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes % Page, 0);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Page);
        NativeMemory.Clear(_memory, (nuint)bytes);
        BytesMax = bytes - GroupHeader.Size;
    }

    /// <summary>Where the first record goes; 8-byte aligned.</summary>
    public byte* RecordsStart => _memory + GroupHeader.Size;

    /// <summary>Where the next record goes.</summary>
    public byte* Tail => RecordsStart + Used;

    /// <summary>Bytes of records so far.</summary>
    public int Used { get; private set; }

    /// <summary>Records so far.</summary>
    public int Count { get; private set; }

    /// <summary>Sequence of the first record; meaningless while Count is 0.</summary>
    public ulong FirstSequence { get; private set; }

    /// <summary>Sequence of the last record; meaningless while Count is 0.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>Room for records in an empty buffer, in bytes: no single record can be longer.</summary>
    public int BytesMax { get; }

    /// <summary>Room left for records, in bytes.</summary>
    public int Remaining => BytesMax - Used;

    /// <summary>Start of the group's header.</summary>
    internal byte* Memory => _memory;

    /// <summary>Forgets the records; the memory keeps its bytes.</summary>
    public void Clear()
    {
        Used = 0;
        Count = 0;
        FirstSequence = 0;
        LastSequence = 0;
    }

    /// <summary>Counts in the record that has been encoded at <see cref="Tail"/>.</summary>
    /// <param name="recordLength">Its Length: a multiple of 8, header included, at most <see cref="Remaining"/>.</param>
    /// <param name="sequence">Its sequence: the previous one's plus one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int recordLength, ulong sequence)
    {
        Invariant.That(recordLength >= RecordHeader.Size && recordLength <= Remaining && recordLength % RecordHeader.Alignment == 0);
        Invariant.That(Count == 0 || sequence == LastSequence + 1);
        if (Count == 0)
            FirstSequence = sequence;
        LastSequence = sequence;
        Used += recordLength;
        Count++;
    }

    /// <summary>Frees the memory; pointers into it are dead.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        GC.SuppressFinalize(this);
    }

    ~GroupBuffer() => NativeMemory.AlignedFree(_memory);
}
