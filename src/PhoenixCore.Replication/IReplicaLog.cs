using PhoenixCore.Journal;

namespace PhoenixCore.Replication;

/// <summary>The journal of a copy that follows, as the protocol sees it. One thread.</summary>
public interface IReplicaLog
{
    /// <summary>Last durable sequence and the chain's value behind it.</summary>
    JournalPosition End { get; }

    /// <summary>Makes one run of another copy durable, as it is.</summary>
    /// <param name="records">Whole records.</param>
    /// <param name="first">Sequence of the first.</param>
    /// <param name="chainAfter">The chain's value behind the last on the other copy.</param>
    /// <exception cref="JournalDivergedException">They are damaged, do not follow or lead elsewhere; nothing was written.</exception>
    /// <exception cref="JournalIoException">The disk failed; the copy must end.</exception>
    void Append(ReadOnlySpan<byte> records, int count, ulong first, ChainValue chainAfter);
}
