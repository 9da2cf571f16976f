using PhoenixCore.Journal;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Sequencer;

namespace PhoenixCore.Shard.Loops;

/// <summary>The threads of a shard. All else is step machines.</summary>
internal sealed class ShardThreads : IShardHost
{
    private const int SnapshotPriority = 5;
    private readonly List<Thread> _threads = [];
    private Thread? _snapshots;
    private ShardMachines _machines = null!; // until it is started
    private Action<ShardFault> _onFault = null!;
    private volatile bool _stopSnapshots;
    private volatile bool _stopSequencer;
    private volatile bool _stopRest;
    private int _faulted;
    private long _sequencerBytes;
    private long _committerBytes;

    public IWaitStrategy SequencerWait { get; } = new BlockingWait();

    public IWaitStrategy CommitterWait { get; } = new BlockingWait();

    public IWaitStrategy AnsweringWait { get; } = new BlockingWait();

    public IWaitStrategy SnapshotWait { get; } = new BlockingWait(spinMicroseconds: 0);

    /// <summary>As of the sequencer's last 4,096th and the committer's last 256th step.</summary>
    public long LoopAllocations => Volatile.Read(ref _sequencerBytes) + Volatile.Read(ref _committerBytes);

    public void Start(ShardMachines machines, Action<ShardFault> onFault)
    {
        (_machines, _onFault) = (machines, onFault);
        _threads.Add(Run("phoenix-sequencer", RunSequencer));
        _threads.Add(Run("phoenix-committer", RunCommitter));
        _threads.Add(Run("phoenix-answering", RunAnswering));
        _snapshots = Run("phoenix-snapshot", RunSnapshots);
    }

    public void Await(Task answered, Task fault) => Task.WaitAny(answered, fault);

    public void StopSnapshots()
    {
        _stopSnapshots = true;
        SnapshotWait.Signal();
        _snapshots?.Join();
    }

    public void Stop()
    {
        _stopSequencer = true;
        SequencerWait.Signal();
        _threads[0].Join();
        _stopRest = true;
        CommitterWait.Signal();
        AnsweringWait.Signal();
        _threads[1].Join();
        _threads[2].Join();
    }

    private Thread Run(string name, Action body)
    {
        var thread = new Thread(() => Guard(body)) { Name = name, IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Guard(Action body)
    {
        try
        {
            body();
        }
        catch (Exception e)
        {
            // One fault ends the shard; what follows from it on the other threads is noise.
            if (Interlocked.Exchange(ref _faulted, 1) == 0) _onFault(ShardFault.Of(e));
        }
    }

    private void RunSequencer()
    {
        var sequencer = _machines.Sequencer;
        var step = 0;
        while (_faulted == 0)
        {
            sequencer.Seat.Take();
            do
            {
                // Nobody else comes in while there is work: the committer has its own then.
                if (((step = unchecked(step + 1)) & 4_095) == 0) Volatile.Write(ref _sequencerBytes, GC.GetAllocatedBytesForCurrentThread());
                _machines.Steps.Sequencer();
            }
            while (sequencer.Step() && _faulted == 0);

            if (_stopSequencer && _machines.IsDrained)
            {
                sequencer.Seat.Leave();
                return;
            }

            if (sequencer.IsHeldUp)
            {
                sequencer.Seat.Leave();
                Thread.Sleep(1); // the preparer makes room and signals nobody
            }
            else
            {
                sequencer.Wait(SequencerWait, ShardMachines.IdleMicroseconds);
            }
        }
    }

    private void RunCommitter()
    {
        for (var step = 0; _faulted == 0; step = unchecked(step + 1))
        {
            if ((step & 255) == 0) Volatile.Write(ref _committerBytes, GC.GetAllocatedBytesForCurrentThread());
            _machines.Steps.Committer();
            if (_machines.Committer.Step()) continue;
            if (_stopRest) return;
            if (!CommitterWait.Wait(_machines.Groups, ShardMachines.SealCheckMicroseconds) && !_machines.Journal.Follows) _machines.Journal.SealIfIdle(Ticks.Now / 1_000_000);
        }
    }

    private void RunAnswering()
    {
        while (_faulted == 0)
        {
            _machines.Steps.Answering();
            if (_machines.Answering.Step()) continue;
            if (_stopRest && !_machines.Answering.HasWork) return;
            AnsweringWait.Wait(_machines.Answering, ShardMachines.IdleMicroseconds);
        }
    }

    private void RunSnapshots()
    {
        BackgroundThread.StepBack(SnapshotPriority);
        while (!_stopSnapshots)
        {
            if (_machines.Snapshots.Step() is > 0 and var pause && !_stopSnapshots) SnapshotWait.Wait(_machines.Snapshots, pause * 1_000);
        }
    }
}
