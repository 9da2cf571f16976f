using System.Runtime.InteropServices;
using PhoenixCore.Journal;

namespace PhoenixCore.Replication.Tests;

/// <summary>A journal's end without a journal: what the protocol's rules are tried on. The chain is a sum.</summary>
internal sealed class MemoryLog(ulong last) : IReplicaLog
{
    public JournalPosition End { get; private set; } = new(last, ChainAt(last));

    public int Appends { get; private set; }

    public static ChainValue ChainAt(ulong sequence) => new(sequence * 31, sequence);

    public void Append(ReadOnlySpan<byte> records, int count, ulong first, ChainValue chainAfter)
    {
        var end = first + (ulong)count - 1;
        if (chainAfter != ChainAt(end)) throw new JournalDivergedException(first, ChainAt(end), chainAfter, "differ from those the sender has");
        Appends++;
        End = new JournalPosition(end, chainAfter);
    }

    /// <summary>Records with nothing in them.</summary>
    public static byte[] Records(ulong epoch, ulong first, int count)
    {
        var headers = new RecordHeader[count];
        for (var i = 0; i < count; i++) headers[i] = new RecordHeader { Length = RecordHeader.Size, Epoch = epoch, Sequence = first + (ulong)i, Kind = 7 };
        return MemoryMarshal.AsBytes<RecordHeader>(headers).ToArray();
    }
}
