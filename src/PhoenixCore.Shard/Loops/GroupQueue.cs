using PhoenixCore.Journal;
using PhoenixCore.Sequencer;

namespace PhoenixCore.Shard.Loops;

/// <summary>The group buffers between sequencer and committer: while one is synced the next one fills.</summary>
internal sealed class GroupQueue : IWorkSource, IDisposable
{
    private readonly GroupBuffer[] _buffers;
    private readonly IWaitStrategy _committerWait;
    private long _sealed; // written by the sequencer
    private long _done; // written by the committer

    public GroupQueue(int buffers, int bytes, IWaitStrategy committerWait)
    {
        BytesMax = bytes;
        _buffers = new GroupBuffer[buffers];
        for (var i = 0; i < buffers; i++) _buffers[i] = new GroupBuffer(bytes);
        _committerWait = committerWait;
    }

    /// <summary>How long a group may be with header and padding.</summary>
    public int BytesMax { get; }

    public bool HasWork => Volatile.Read(ref _sealed) != _done;

    /// <summary>The buffer being filled; null while all the others wait for the disk.</summary>
    public GroupBuffer? Open => _sealed - Volatile.Read(ref _done) < _buffers.Length ? _buffers[_sealed % _buffers.Length] : null;

    /// <summary>True when the committer has nothing to do: the open group should go now, however small.</summary>
    public bool IsCommitterIdle => Volatile.Read(ref _done) == _sealed;

    /// <summary>Groups handed over and not yet durable.</summary>
    public long InFlight => _sealed - Volatile.Read(ref _done);

    /// <summary>Sequencer: hands the open group over.</summary>
    public void Seal()
    {
        Volatile.Write(ref _sealed, _sealed + 1);
        _committerWait.Signal();
    }

    /// <summary>Committer: the next group to write; null = none.</summary>
    public GroupBuffer? Next => HasWork ? _buffers[_done % _buffers.Length] : null;

    /// <summary>Committer: gives the group's buffer back.</summary>
    public void Done()
    {
        _buffers[_done % _buffers.Length].Clear();
        Volatile.Write(ref _done, _done + 1);
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers) buffer.Dispose();
    }
}
