using PhoenixCore.Journal;

namespace PhoenixCore.Shard;

/// <summary>Why a shard stopped for good. Nothing is answered after it.</summary>
/// <param name="ExitCode">70: a write or sync of the journal failed. 71: the ledger contradicted itself (a bug or damaged memory).</param>
/// <param name="Reason">What happened.</param>
public sealed record ShardFault(int ExitCode, Exception Reason)
{
    public const int StorageFailed = ProcessExit.StorageFailed;
    public const int InvariantBroken = 71;

    internal static ShardFault Of(Exception reason) => new(reason is JournalIoException ? StorageFailed : InvariantBroken, reason);
}
