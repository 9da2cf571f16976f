using PhoenixCore.Journal;
using PhoenixCore.Replication.State;

namespace PhoenixCore.Replication.Messages;

/// <summary>What a copy says of itself when it comes to a leader.</summary>
/// <param name="Shard">Empty = the copy is new and takes the leader's.</param>
/// <param name="Address">Where it can be reached; empty = not said.</param>
public sealed record Hello(Guid Shard, Guid Incarnation, Guid Timeline, ulong Promised, Guid PromisedTo, JournalPosition End, IReadOnlyList<EpochStart> Epochs, ulong Committed, string Address)
{
    /// <summary>Its last record: of two copies the one with the higher pair has more.</summary>
    public (ulong Epoch, ulong Sequence) Last => (Epochs.Count == 0 ? 0 : Epochs[^1].Epoch, End.Sequence);
}
