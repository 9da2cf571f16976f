using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhoenixCore.Shard;

/// <summary>How far the shard has come, as sequences: Answered ≤ Committed ≤ Appended. Any thread may read them.</summary>
/// <remarks>Each on its own cache line pair: three threads write them. Committed is what enough copies hold durably; on a single node that
/// is its own journal, and everything that is shown waits for it, so that adding followers changes a number and not a code path.</remarks>
public sealed class ShardCursors
{
    private Lines _lines;

    /// <summary>Last sequence decided and encoded; not durable yet.</summary>
    public ulong Appended => Volatile.Read(ref _lines.Appended);

    /// <summary>Last sequence that no crash can take back.</summary>
    public ulong Committed => Volatile.Read(ref _lines.Committed);

    /// <summary>Last sequence that an answer has shown; stands still while nobody asks.</summary>
    public ulong Shown => Volatile.Read(ref _lines.Shown);

    /// <summary>Commands answered since the start.</summary>
    public ulong Answered => Volatile.Read(ref _lines.Answered);

    internal void SetAppended(ulong sequence) => Volatile.Write(ref _lines.Appended, sequence);

    /// <summary>When Committed moved last, by the monotonic clock in nanoseconds.</summary>
    internal long CommittedAt => Volatile.Read(ref _lines.CommittedAt);

    internal void SetCommitted(ulong sequence, long at = 0)
    {
        Volatile.Write(ref _lines.CommittedAt, at); // first: whoever sees the sequence sees the time
        Volatile.Write(ref _lines.Committed, sequence);
    }

    internal void SetShown(ulong sequence) => Volatile.Write(ref _lines.Shown, sequence);

    internal void AddAnswered(ulong count) => Volatile.Write(ref _lines.Answered, _lines.Answered + count);

    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Lines
    {
        [FieldOffset(128)] public ulong Appended;
        [FieldOffset(256)] public ulong Committed;
        [FieldOffset(264)] public long CommittedAt;
        [FieldOffset(384)] public ulong Answered;
        [FieldOffset(392)] public ulong Shown;
    }
}
