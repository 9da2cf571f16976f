using PhoenixCore.Journal.Background;
using PhoenixCore.Journal.Simulation;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Loops;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Node;

/// <summary>Drives one process's machines by events; a new one for each start.</summary>
internal sealed class SimHost : IShardHost
{
    private const int StepNanosecondsMax = 15_000;
    private const int HeldUpNanoseconds = 1_000_000;
    private const long ClosingNanosecondsMax = 60_000_000_000;

    private readonly Swarm _swarm;
    private readonly SimActor _sequencer;
    private readonly SimActor _committer;
    private readonly SimActor _answering;
    private readonly SimActor _snapshots;
    private ShardMachines _machines = null!; // until it is started
    private Action<ShardFault> _onFault = null!;
    private bool _holdsSeat;
    private bool _isClosing;
    private bool _hasStoppedSnapshots;

    public SimHost(SimWorld world, Swarm swarm)
    {
        (World, _swarm) = (world, swarm);
        _sequencer = new SimActor(this, NodeState.Idle, StepSequencer);
        _committer = new SimActor(this, NodeState.Write, StepCommitter);
        _answering = new SimActor(this, NodeState.Idle, StepAnswering);
        _snapshots = new SimActor(this, NodeState.SnapshotIo, StepSnapshots);
    }

    public SimWorld World { get; }

    /// <summary>The process has ended, however: nothing of it is stepped any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>The process stands still until then.</summary>
    public long PausedUntil { get; set; }

    /// <summary>The machine whose step is under way, the innermost one.</summary>
    public SimActor? Running { get; set; }

    /// <summary>The committer is the one that waits: others go on meanwhile.</summary>
    public bool IsCommitting => Running == _committer;

    public bool IsClosing => _isClosing;

    public bool IsTakingSnapshot => _machines?.Snapshots.Progress.IsRunning == true;

    public ShardMachines Machines => _machines;

    public IWaitStrategy SequencerWait => _sequencer;

    public IWaitStrategy CommitterWait => _committer;

    public IWaitStrategy AnsweringWait => _answering;

    public IWaitStrategy SnapshotWait => _snapshots;

    public long LoopAllocations => 0;

    public void Start(ShardMachines machines, Action<ShardFault> onFault)
    {
        (_machines, _onFault) = (machines, onFault);
        var work = machines.Journal.Background;
        var actors = new List<SimActor> { _sequencer, _committer, _answering, _snapshots, Background(work.Segments, NodeState.Segments), Background(work.SideIndexes, NodeState.SideIndex) };
        if (work.Keys is { } keys) actors.Add(Background(keys, NodeState.KeyIndex));
        foreach (var actor in actors) actor.Schedule(World.Random.Below(StepNanosecondsMax));
    }

    public void Await(Task answered, Task fault) => Pump(() => answered.IsCompleted || fault.IsCompleted);

    public void StopSnapshots() => _hasStoppedSnapshots = true;

    public void Stop()
    {
        if (IsOver) return;
        _isClosing = true;
        _sequencer.Signal();
        Pump(() => _machines.IsDrained && !_machines.Answering.HasWork);
        IsOver = true;
    }

    public void Fault(ShardFault fault)
    {
        if (IsOver) return;
        IsOver = true;
        _onFault(fault);
    }

    private SimActor Background(IBackgroundWork work, NodeState state) => new(this, state, () => Pause(work.Step()));

    private long Pause(int milliseconds) => (milliseconds * 1_000_000L) + World.Random.Below(_swarm.BackgroundStepMax);

    private void Pump(Func<bool> isOver)
    {
        World.PumpUntil(World.Now + ClosingNanosecondsMax, () => isOver() || IsOver || World.Failure is not null);
        if (isOver()) return;
        if (!IsOver) World.Fail("a shard neither started nor closed within a minute"); // or the run has failed elsewhere, which stands
        throw new SimulatedCrashException(); // whoever waits would wait for ever
    }

    private long StepSequencer()
    {
        var sequencer = _machines.Sequencer;
        if (!_holdsSeat && !sequencer.Seat.TryTake()) return World.Random.Below(StepNanosecondsMax);
        _holdsSeat = false;
        _machines.Steps.Sequencer();
        if (sequencer.Step())
        {
            _holdsSeat = World.Random.Percent(50); // a thread that is still at it, or one that the committer finds asleep
            if (!_holdsSeat) sequencer.Seat.Leave();
            return World.Random.Below(StepNanosecondsMax);
        }

        if (sequencer.IsHeldUp)
        {
            sequencer.Seat.Leave();
            return HeldUpNanoseconds;
        }

        sequencer.Wait(_sequencer, ShardMachines.IdleMicroseconds);
        return -1;
    }

    private long StepCommitter()
    {
        _machines.Steps.Committer();
        if (_machines.Committer.Step()) return World.Random.Below(StepNanosecondsMax);
        if (!_committer.Wait(_machines.Groups, ShardMachines.SealCheckMicroseconds)) _machines.Journal.SealIfIdle(World.Now / 1_000_000);
        return -1;
    }

    private long StepAnswering()
    {
        _machines.Steps.Answering();
        if (_machines.Answering.Step()) return World.Random.Below(StepNanosecondsMax);
        _answering.Wait(_machines.Answering, ShardMachines.IdleMicroseconds);
        return -1;
    }

    private long StepSnapshots()
    {
        if (_hasStoppedSnapshots) return -1;
        var pause = _machines.Snapshots.Step();
        return _machines.Snapshots.HasWork || pause == 0 ? World.Random.Below(_swarm.SnapshotStepMax) : Pause(pause);
    }
}
