using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard;

/// <summary>What a shard asks of and tells to whoever connects it with its other copies. None of it may block or throw.</summary>
public interface IShardReplication
{
    /// <summary>At the opening: so much is known to be committed; what is durable behind it waits to be applied.</summary>
    ulong Committed { get; }

    /// <summary>Answers whose round is at most this may be given. Any thread.</summary>
    ulong ConfirmedRound { get; }

    /// <summary>Why nothing that writes may be taken now; Accepted = it may. The writer, once a drain.</summary>
    LedgerResult Refusal { get; }

    /// <summary>The writer has seen the present state: the round that has to be confirmed before it may be shown.</summary>
    /// <param name="isUrgent">Nothing else is on its way to the other copies: they have to be asked.</param>
    ulong NextRound(bool isUrgent);

    /// <summary>This copy holds records up to here. The committer's thread; the answer comes by <see cref="LedgerShard.SetCommitted"/>.</summary>
    void OnDurable(ulong sequence);

    /// <summary>The opening has met a run; its first record's header.</summary>
    void OnReplayedRun(in RecordHeader first);

    /// <summary>The opening has met a fact about who has a vote.</summary>
    void OnReplayedMembers(in MembersChangedBody members, ulong sequence);
}
