using PhoenixCore.Journal;
using PhoenixCore.Shard;

namespace PhoenixCore.Replication;

/// <summary>A following shard's journal, for <see cref="Replica"/>. One thread; dispose after the last append.</summary>
public sealed unsafe class ShardLog(LedgerShard shard) : IReplicaLog, IDisposable
{
    private readonly GroupBuffer _group = new(shard.GroupBytesMax);

    /// <inheritdoc/>
    public JournalPosition End => shard.End;

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> records, int count, ulong first, ChainValue chainAfter)
    {
        if (records.Length > _group.BytesMax) throw new JournalDivergedException(first, default, chainAfter, "are longer than a group here may be: this copy has smaller segments than the one they come from");
        if (!IsWellFormed(records, count)) throw new JournalDivergedException(first, default, chainAfter, "are damaged");
        _group.Clear();
        records.CopyTo(new Span<byte>(_group.Tail, _group.Remaining));
        for (var left = count; left > 0; left--) _group.Advance((int)((RecordHeader*)_group.Tail)->Length, first++);
        while (true)
        {
            try
            {
                shard.Receive(_group, chainAfter);
                return;
            }
            catch (JournalFullException) when (shard.CanPrepare)
            {
                Thread.Sleep(1); // the next segment is being made
            }
        }
    }

    public void Dispose() => _group.Dispose();

    /// <summary>Lengths lead from record to record to the end: what else is wrong with them their checksums tell.</summary>
    private static bool IsWellFormed(ReadOnlySpan<byte> records, int count)
    {
        fixed (byte* start = records)
        {
            var at = 0;
            for (; count > 0; count--)
            {
                if (records.Length - at < RecordHeader.Size) return false;
                var length = ((RecordHeader*)(start + at))->Length;
                if (length < RecordHeader.Size || length > (uint)(records.Length - at) || length % RecordHeader.Alignment != 0) return false;
                at += (int)length;
            }

            return at == records.Length && at > 0;
        }
    }
}
