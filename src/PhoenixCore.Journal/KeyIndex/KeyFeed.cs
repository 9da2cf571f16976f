using System.Numerics;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>Hands the keys of committed groups from the committer to the index while they are in memory; bounded, and never holds the committer up.</summary>
/// <remarks>When it is full it is cut off: the index then reads what it missed from the journal and asks to be connected again.
/// One producer, the committer; one consumer at a time.</remarks>
internal sealed unsafe class KeyFeed
{
    private const ulong CutOff = 0;
    private const ulong Wanted = ulong.MaxValue;

    private readonly IRecordIndexer _indexer;
    private readonly KeyRow[] _rows;
    private long _head;
    private long _tail;
    private ulong _through;
    private long _stampedAt;
    private ulong _connectedAt;

    /// <param name="durable">The journal's last sequence: the feed begins behind it.</param>
    /// <param name="keys">Keys that may wait, at least.</param>
    public KeyFeed(IRecordIndexer indexer, ulong durable, int keys)
    {
        _indexer = indexer;
        _rows = new KeyRow[BitOperations.RoundUpToPowerOf2((uint)keys)];
        _through = durable;
        _connectedAt = durable + 1;
    }

    /// <summary>What it still holds is all that will come until it is asked for more.</summary>
    public bool IsCutOff => Volatile.Read(ref _connectedAt) == CutOff;

    /// <summary>Whether what it holds and will hold begins at or before a sequence, without a gap. Stays true until the consumer restarts it, even when it is
    /// cut off meanwhile; but asked after that, the answer is false.</summary>
    public bool IsConnectedAtOrBefore(ulong sequence) => Volatile.Read(ref _connectedAt) is not CutOff and var first && first <= sequence;

    /// <summary>Committer: a group has become durable.</summary>
    public void Offer(GroupBuffer group, long stampedAt)
    {
        if (group.Count == 0 || !IsConnected(group.FirstSequence))
            return;
        var head = _head;
        var room = _rows.Length - (head - Volatile.Read(ref _tail));
        var end = group.Tail;
        for (var at = group.RecordsStart; at < end; at += ((RecordHeader*)at)->Length)
        {
            var header = (RecordHeader*)at;
            if (!_indexer.TryReadKey(*header, at + RecordHeader.Size, out var key))
                continue;
            if (room-- == 0)
            {
                Publish(head, header->Sequence - 1, stampedAt);
                Volatile.Write(ref _connectedAt, CutOff);
                return;
            }
            _rows[head++ & (_rows.Length - 1)] = new KeyRow(KeyHash.Of(key), header->Sequence);
        }
        Publish(head, group.LastSequence, stampedAt);
    }

    /// <summary>Consumer: the rows that wait, and up to which sequence they are all; <see cref="Take"/> them afterwards.</summary>
    public int Look(out ulong through, out long stampedAt)
    {
        // In the opposite order of publication, so that no row up to that sequence is missing.
        through = Volatile.Read(ref _through);
        stampedAt = Volatile.Read(ref _stampedAt);
        return (int)(Volatile.Read(ref _head) - _tail);
    }

    public ref readonly KeyRow this[int index] => ref _rows[(_tail + index) & (_rows.Length - 1)];

    public void Take(int rows) => Volatile.Write(ref _tail, _tail + rows);

    /// <summary>Consumer: throws away what a feed that was cut off still holds, and has it connected with the next group.</summary>
    public void Restart()
    {
        Invariant.That(IsCutOff);
        Take((int)(_head - _tail));
        Volatile.Write(ref _connectedAt, Wanted);
    }

    private bool IsConnected(ulong firstSequence)
    {
        switch (Volatile.Read(ref _connectedAt))
        {
            case CutOff:
                return false;
            case Wanted:
                Volatile.Write(ref _through, firstSequence - 1);
                Volatile.Write(ref _connectedAt, firstSequence);
                return true;
            default:
                return true;
        }
    }

    private void Publish(long head, ulong through, long stampedAt)
    {
        Volatile.Write(ref _head, head);
        Volatile.Write(ref _stampedAt, stampedAt);
        Volatile.Write(ref _through, through);
    }
}
