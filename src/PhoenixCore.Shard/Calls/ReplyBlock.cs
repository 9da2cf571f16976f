using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;

namespace PhoenixCore.Shard.Calls;

/// <summary>Where the sequencer writes what became of a command; native memory of whoever waits. The bytes follow the 64 of this header.</summary>
/// <remarks>Nothing in it may be shown before the shard's Committed cursor has reached <see cref="VisibleAfter"/>: completion comes only then.</remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ReplyBlock
{
    public const int SizeBytes = 64;

    /// <summary><see cref="Waiter"/> of a block that completes together with a later one.</summary>
    public const int NoWaiter = -1;

    /// <summary>Index of the call to complete.</summary>
    [FieldOffset(0)] public int Waiter;

    /// <summary>Bytes behind the header that the answer may use.</summary>
    [FieldOffset(4)] public int Room;
    [FieldOffset(8)] public LedgerResult Result;
    [FieldOffset(10)] public ushort Reserved;
    [FieldOffset(12)] public OutcomeKind Kind;

    /// <summary>The operation of a batch that was refused; −1 = the command itself.</summary>
    [FieldOffset(16)] public int RefusedIndex;

    /// <summary>Bytes of the fact's payload or of the read's rows. More than <see cref="Room"/>: not copied, read the fact from the journal.</summary>
    [FieldOffset(20)] public int Bytes;

    /// <summary>Of the fact (a duplicate: the original's); reads: of the last fact they saw.</summary>
    [FieldOffset(24)] public ulong Sequence;

    /// <summary>Unix nanoseconds of the decision.</summary>
    [FieldOffset(32)] public long Stamp;
    [FieldOffset(40)] public ulong VisibleAfter;
}
