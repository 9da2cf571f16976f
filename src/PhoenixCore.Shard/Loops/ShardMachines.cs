using PhoenixCore.Ledger;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard.Metering;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Shard.Loops;

/// <summary>Everything of one shard that moves, as machines that wait to be stepped.</summary>
internal sealed record ShardMachines(
    SequencerLoop Sequencer, CommitterLoop Committer, AnsweringLoop Answering, SnapshotKeeper Snapshots, CommandRing<Command> Ring, GroupQueue Groups, Journal.Journal Journal, LoopSteps Steps)
{
    /// <summary>Due reservations are looked for at least ten times a second.</summary>
    public const int IdleMicroseconds = 100_000;

    /// <summary>How long the committer waits before it asks whether a seal is due.</summary>
    public const int SealCheckMicroseconds = 10_000;

    /// <summary>Nothing is published, open or being written: the sequencer may end.</summary>
    public bool IsDrained => Ring.Available(1) == 0 && Groups.Open is { Count: 0 } or null && Groups.IsCommitterIdle;
}
