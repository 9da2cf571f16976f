using PhoenixCore.Ledger;
using PhoenixCore.Sequencer;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Where whoever takes snapshots or digests asks the writer to begin and to end an image, and the writer does so between two commands.</summary>
internal sealed class SnapshotGate(IWaitStrategy sequencerWait) : IDisposable
{
    private int _wish;
    private ulong _at;
    private ulong _marked;

    /// <summary>Writer: one read a step.</summary>
    /// <param name="sequence">Where it stands.</param>
    public bool IsAsked(ulong sequence) => (Wish)Volatile.Read(ref _wish) switch
    {
        Wish.Begin or Wish.End => true,
        Wish.At => sequence >= _at,
        _ => false,
    };

    /// <summary>Writer, in front of each group that it gives away: an image is wanted of what that ends with.</summary>
    public bool IsMarkAsked => Volatile.Read(ref _wish) == (int)Wish.Mark;

    /// <summary>Asker's thread: what was asked is not done yet.</summary>
    public bool IsPending => Volatile.Read(ref _wish) != (int)Wish.None;

    /// <summary>Asker's thread, between <see cref="Begin"/> and <see cref="End"/>; null = the ledger has no facts yet, or stands elsewhere.</summary>
    public StateImage? Image { get; private set; }

    /// <summary>Of the last fact in the image.</summary>
    public ulong Sequence { get; private set; }

    public long Stamp { get; private set; }

    /// <summary>Sequence of the last image that <see cref="BeginMark"/> has asked for; said before anybody can have read that record. Any thread.</summary>
    public ulong Marked => Volatile.Read(ref _marked);

    /// <summary>The image has begun, or could not, when nothing is pending any more.</summary>
    public void Begin() => Ask(Wish.Begin);

    /// <summary>The same where the next group ends: there is none until something is written.</summary>
    public void BeginMark() => Ask(Wish.Mark);

    /// <summary>The same at a sequence that ends a group and is not applied yet.</summary>
    public void BeginAt(ulong sequence)
    {
        _at = sequence;
        Ask(Wish.At);
    }

    /// <summary>The writer copies no more, and the image is disposed, when nothing is pending any more.</summary>
    public void End() => Ask(Wish.End);

    /// <summary>An image is no longer wanted; one that is being begun still comes.</summary>
    public void Withdraw()
    {
        if (Interlocked.CompareExchange(ref _wish, (int)Wish.None, (int)Wish.Mark) != (int)Wish.Mark) Interlocked.CompareExchange(ref _wish, (int)Wish.None, (int)Wish.At);
    }

    /// <summary>Writer: with the open group sealed, or about to be, so that the last sequence ends a run.</summary>
    public void Serve(LedgerCore ledger)
    {
        var wish = Volatile.Read(ref _wish);
        if (Interlocked.CompareExchange(ref _wish, (int)Wish.Serving, wish) != wish) return;
        switch ((Wish)wish)
        {
            case Wish.Begin when ledger.Sequence != 0:
                BeginImage(ledger, ledger.Sections());
                break;
            case Wish.Mark:
            case Wish.At when ledger.Sequence == _at:
                BeginImage(ledger, ImageDigest.Covered(ledger.Sections()));
                if (wish == (int)Wish.Mark && Image is not null) Volatile.Write(ref _marked, ledger.Sequence);
                break;
            case Wish.End when Image is not null:
                ledger.Unwatch();
                Image.Dispose();
                Image = null;
                break;
            default:
                break; // there is nothing to make an image of, or it stands elsewhere
        }

        Volatile.Write(ref _wish, (int)Wish.None);
    }

    /// <summary>Why there is no image; null = because there are no facts.</summary>
    public Exception? Failure { get; private set; }

    private void BeginImage(LedgerCore ledger, Ledger.State.StateSection[] sections)
    {
        try
        {
            Image = new StateImage(sections);
        }
        catch (OutOfMemoryException failure)
        {
            // Address space for the copies; the shard goes on without a snapshot.
            Failure = failure;
            return;
        }

        (Sequence, Stamp) = (ledger.Sequence, ledger.Stamp);
        ledger.Watch(Image);
    }

    /// <summary>After the writer has ended.</summary>
    public void Dispose()
    {
        Image?.Dispose();
        Image = null;
    }

    private void Ask(Wish wish)
    {
        Volatile.Write(ref _wish, (int)wish);
        sequencerWait.Signal();
    }

    private enum Wish
    {
        None,
        Begin,
        Mark,
        At,
        End,
        Serving,
    }
}
