using System.Buffers;
using PhoenixCore.Journal;

namespace PhoenixCore.Server.Replicas;

/// <summary>Groups of the leader's journal on their way to one copy, as one message: a copy writes and syncs each message once. One thread.</summary>
/// <remarks>Only groups that are committed travel together, and so become one group over there: a copy may have to cut whatever is not, and cuts between groups.</remarks>
internal sealed class Shipment(JournalCursor cursor, int bytesMax)
{
    private readonly ArrayBufferWriter<byte> _records = new();
    private bool _holdsGroup;

    /// <summary>Whole runs, valid until the next one is filled.</summary>
    public ReadOnlyMemory<byte> Records => _records.WrittenMemory;

    public int Count { get; private set; }

    /// <summary>Where the leader's journal stood in front of them.</summary>
    public JournalPosition Before { get; private set; }

    public ChainValue ChainAfter { get; private set; }

    public ulong First => Before.Sequence + 1;

    public ulong Last => Before.Sequence + (ulong)Count;

    /// <summary>Takes the next groups.</summary>
    /// <param name="committed">So much can never be cut.</param>
    /// <param name="mark">A message ends there, if it comes so far.</param>
    /// <returns>False when nothing more is durable.</returns>
    public bool Fill(ulong committed, ulong mark)
    {
        _records.ResetWrittenCount();
        Count = 0;
        while (Holds())
        {
            var bytes = cursor.GroupRecords.Length;
            var last = cursor.GroupFirstSequence + (ulong)cursor.GroupCount - 1;
            if (Count > 0 && (last > committed || _records.WrittenCount + bytes > bytesMax)) break;
            if (Count == 0) Before = new JournalPosition(cursor.GroupFirstSequence - 1, cursor.ChainBefore);
            _records.Write(cursor.GroupRecords);
            Count += cursor.GroupCount;
            ChainAfter = cursor.ChainAfter;
            _holdsGroup = false;
            if (last > committed || last == mark) break;
        }

        return Count > 0;
    }

    private bool Holds() => _holdsGroup || (_holdsGroup = cursor.MoveNextGroup());
}
