using PhoenixCore.Journal;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard;

/// <summary>What concerns a shard that has other copies.</summary>
public sealed partial class LedgerShard
{
    private readonly Lock _committing = new();

    /// <summary>It applies what another copy has decided, and refuses what writes.</summary>
    public bool Follows => _journal.Follows;

    /// <summary>The epoch of what it writes, or of the last record that it took.</summary>
    public ulong Epoch => _journal.Epoch;

    /// <summary>The durable end; only while it follows, on the thread that receives.</summary>
    public JournalPosition End => _journal.Position;

    /// <summary>Every record that is durable here, committed or not: for those who ship them.</summary>
    public JournalReader Durable => _journal.Durable;

    /// <summary>Of the last fact that was applied; a moment old.</summary>
    public ulong Applied => _ledger.Sequence;

    /// <summary>Makes runs of another copy durable, as they are. One thread at a time, and only while it follows.</summary>
    /// <exception cref="JournalDivergedException">They are damaged or of another history; nothing was written.</exception>
    /// <exception cref="JournalFullException">There is no prepared room yet; nothing was written.</exception>
    /// <exception cref="JournalIoException">The disk failed: the process must end.</exception>
    public void Receive(GroupBuffer runs, ChainValue chainAfter)
    {
        _journal.CommitReceived(runs, chainAfter);
        Cursors.SetAppended(runs.LastSequence);
    }

    /// <summary>The thread that receives, when it has nothing to do: as <see cref="Journal.Journal.SealIfIdle"/>.</summary>
    public void SealIfIdle()
    {
        if (Follows) _journal.SealIfIdle(Ticks.Now / 1_000_000);
    }

    /// <summary>So much is committed: it may be applied, shown and answered. Never goes back. Any thread.</summary>
    /// <param name="sequence">Durable here.</param>
    public void SetCommitted(ulong sequence)
    {
        lock (_committing)
        {
            if (sequence > Cursors.Committed)
            {
                _journal.Show(sequence);
                Cursors.SetCommitted(sequence, Ticks.Now);
            }
        }

        _answeringWait.Signal();
        if (Follows) _sequencerWait.Signal();
    }

    /// <summary>Other copies have confirmed a round: answers may have waited for it. Any thread.</summary>
    public void Confirmed() => _answeringWait.Signal();

    /// <summary>From now on this copy decides, in an epoch of its own. On the thread that received, once; nothing may be received any more.</summary>
    /// <param name="begun">Told the sequence of the epoch's first fact before any thread can have written it.</param>
    /// <exception cref="JournalIoException">The epoch could not be made durable: the process must end.</exception>
    public ulong Lead(ulong epoch, Action<ulong> begun)
    {
        _sequencer.Seat.Take();
        try
        {
            _sequencer.ApplyAll();
            var first = _ledger.Sequence + 1;
            begun(first);
            _sequencer.Lead(epoch);
            return first;
        }
        finally
        {
            _sequencer.Seat.Leave();
            _sequencerWait.Signal();
        }
    }

    /// <summary>Writes down who has a vote; returns when it is committed.</summary>
    /// <returns>The fact's sequence.</returns>
    public async Task<ulong> ChangeMembersAsync(MembersChangedBody members)
    {
        var call = Rent();
        try
        {
            Fill(call, members);
            await SendAsync(call, CancellationToken.None).ConfigureAwait(false);
            return SequenceOf(call);
        }
        finally
        {
            call.Return();
        }
    }

    private static unsafe void Fill(Calls.ShardCall call, in MembersChangedBody members)
    {
        call.Command->Kind = CommandKind.ChangeMembers;
        call.Command->Arguments = call.Keep(sizeof(MembersChangedBody));
        *(MembersChangedBody*)call.Command->Arguments = members;
    }

    private static unsafe ulong SequenceOf(Calls.ShardCall call) => call.Reply->Sequence;
}
