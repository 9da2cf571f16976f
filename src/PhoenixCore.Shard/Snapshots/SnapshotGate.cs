using PhoenixCore.Ledger;
using PhoenixCore.Sequencer;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Where whoever takes snapshots asks the writer to begin and to end an image, and the writer does so between two commands.</summary>
internal sealed class SnapshotGate(IWaitStrategy sequencerWait) : IDisposable
{
    private volatile Wish _wish;

    private enum Wish
    {
        None,
        Begin,
        End,
    }

    /// <summary>Writer: one read a step.</summary>
    public bool IsAsked => _wish != Wish.None;

    /// <summary>Snapshot's thread, between <see cref="Begin"/> and <see cref="End"/>; null = the ledger has no facts yet.</summary>
    public StateImage? Image { get; private set; }

    /// <summary>Of the last fact in the image.</summary>
    public ulong Sequence { get; private set; }

    public long Stamp { get; private set; }

    /// <summary>Snapshot's thread: the image has begun, or could not, when nothing is asked any more.</summary>
    public void Begin() => Ask(Wish.Begin);

    /// <summary>Snapshot's thread: the writer copies no more, and the image is disposed, when nothing is asked any more.</summary>
    public void End() => Ask(Wish.End);

    /// <summary>Writer: with the open group sealed, so that the last sequence ends a run.</summary>
    public void Serve(LedgerCore ledger)
    {
        if (_wish == Wish.Begin && Image == null && ledger.Sequence != 0)
        {
            BeginImage(ledger);
        }
        else if (_wish == Wish.End && Image != null)
        {
            ledger.Unwatch();
            Image.Dispose();
            Image = null;
        }

        _wish = Wish.None;
    }

    /// <summary>Why there is no image; null = because there are no facts.</summary>
    public Exception? Failure { get; private set; }

    private void BeginImage(LedgerCore ledger)
    {
        try
        {
            Image = new StateImage(ledger.Sections());
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
        _wish = wish;
        sequencerWait.Signal();
    }
}
