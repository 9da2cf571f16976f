using PhoenixCore.Journal;
using PhoenixCore.Journal.Simulation;
using PhoenixCore.Ledger;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Shard;
using PhoenixCore.Simulation.Oracle;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Node;

/// <summary>One machine with a disk, a clock and a shard on it, which ends and starts again.</summary>
/// <remarks>Where a network and further nodes will be: a node knows its world, its oracle and nobody else.</remarks>
internal sealed class SimNode
{
    public static readonly Guid Shard = new("51e3e0a1-5eed-4000-8000-000000000001");
    private const int RecentBytes = 256 << 10;
    private const int RestartNanosecondsMin = 1_000_000;
    private const int RestartNanosecondsMax = 60_000_000;
    private readonly SimWorld _world;
    private readonly Swarm _swarm;
    private readonly SplitMix64 _random;
    private SimHost _host;
    private bool _opening;
    private bool _repairing;
    private bool _isSyncing;

    public SimNode(SimWorld world, Swarm swarm, FaultTable faults)
    {
        (_world, _swarm, Faults) = (world, swarm, faults);
        _random = world.Stream(3);
        Clock = new SimClock(world);
        Disk = new DiskFaults(world, this, swarm);
        History = new FactHistory(world.Fail, () => world.Now);
        Storage = new SimulatedStorage { Weather = Disk };
        Damage = new DiskDamage(world, this);
        _host = new SimHost(world, swarm) { IsOver = true };
    }

    public FaultTable Faults { get; }

    public SimClock Clock { get; }

    public DiskFaults Disk { get; }

    public DiskDamage Damage { get; }

    public FactHistory History { get; }

    public SimulatedStorage Storage { get; private set; }

    /// <summary>Null while the node is down or starting.</summary>
    public LedgerShard? Open { get; private set; }

    public SimHost Host => _host;

    /// <summary>The process has ended.</summary>
    public bool IsDead => _host.IsOver;

    /// <summary>A call has failed on purpose: an exit or a failed start may follow from it.</summary>
    public bool ExpectsTrouble
    {
        get;
        set
        {
            field = value;
            HasFailed |= value;
        }
    }

    /// <summary>Some call has failed on purpose since the beginning.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>A call has failed on purpose, or the disk is full.</summary>
    public bool MayFail => ExpectsTrouble || Storage.FreeBytes != long.MaxValue;

    /// <summary>Told when a start has succeeded, before anybody is answered.</summary>
    public Action<LedgerShard>? Started { get; set; }

    /// <summary>Told when the process has ended.</summary>
    public Action? Ended { get; set; }

    public long Starts { get; private set; }

    public long Ends { get; private set; }

    /// <summary>A lie has cost the last group, as it may where nothing attests it: the run ends here, without a verdict on it.</summary>
    public bool HasMetLimit { get; private set; }

    public bool IsStarting => _opening;

    /// <summary>Only now may a blocking call let others go on: the committer's own.</summary>
    public bool MayBlock => _host.IsCommitting;

    public NodeState State
    {
        get
        {
            if (_opening && Open is null && _host.Machines is null) return _repairing ? NodeState.Repair : NodeState.Recovery;
            if (_host.IsOver) return NodeState.Down;
            if (_host.IsClosing) return NodeState.Closing;
            if (_host.Running is { State: not NodeState.Idle } running) return running.State == NodeState.Write && _isSyncing ? NodeState.Sync : running.State;
            if (_isSyncing) return NodeState.Sync;
            return _host.IsTakingSnapshot ? NodeState.Snapshot : NodeState.Idle;
        }
    }

    public void Enter(string operation, string file)
    {
        if (operation is "fdatasync" or "msync" && _host.IsCommitting) _isSyncing = true;
        if (_opening && operation is "unlink" or "rename" or "pwrite" or "ftruncate") _repairing = true;
    }

    public void Leave(string operation, string file)
    {
        if (operation is "fdatasync" or "msync" && _host.IsCommitting) _isSyncing = false;
    }

    /// <summary>The committer waits for the disk; everything else goes on.</summary>
    public void Block(long nanoseconds)
    {
        var host = _host;
        _world.PumpUntil(_world.Now + nanoseconds, () => host.IsOver || _world.Failure is not null);
        if (host.IsOver) throw new SimulatedCrashException();
        if (host.PausedUntil > _world.Now) Block(host.PausedUntil - _world.Now);
    }

    public void Boot()
    {
        if (Open is not null || _opening || _world.Failure is not null || HasMetLimit) return;
        (_opening, _repairing, _isSyncing) = (true, false, false);
        _host = new SimHost(_world, _swarm);
        Disk.CallsOfProcess = 0;
        Storage.Weather = Disk;
        try
        {
            _world.Tell("starts");
            var witnessed = ControlWitness.In(Storage);
            var shard = LedgerShard.Open(Storage, Options(), Clock, _host, Exit, Heard);
            if (_host.IsOver) throw new SimulatedCrashException();
            _opening = false;
            Disk.CallsOfProcess = 0;
            Starts++;
            if (!Accept(shard, witnessed)) return;
            Open = shard;
            Started?.Invoke(shard);
        }
        catch (Exception error)
        {
            _opening = false;
            FailedToStart(error);
        }
    }

    /// <summary>The machine loses power; what the disk had not been made to keep is kept in part.</summary>
    public void PowerCut(FaultKind fault)
    {
        if (IsDead && !_opening) return;
        if (fault == FaultKind.PowerCut) Faults.Count(fault, State);
        _world.Tell($"{fault}");
        var outcome = _random.Pick([CrashOutcome.NothingKept, CrashOutcome.EverythingKept, CrashOutcome.EachForItself, CrashOutcome.EachForItself]);
        Damage.NoteLies();
        EndProcess(Storage.PowerCut(outcome, (int)_random.Next()));
        Clock.Reboot();
        Damage.Strike();
    }

    /// <summary>The process is killed.</summary>
    public void Kill(FaultKind fault)
    {
        if (IsDead && !_opening) return;
        if (fault == FaultKind.Kill) Faults.Count(fault, State);
        _world.Tell($"{fault}");
        Damage.NoteLies();
        EndProcess(Storage.ProcessEnd());
    }

    /// <summary>Closes as an operator does, and says what its state was.</summary>
    public UInt128? Close()
    {
        if (Open is not { } shard) return null;
        var digest = default(UInt128?);
        try
        {
            _host.StopSnapshots();
            shard.Snapshots.Dispose();
            _host.Stop();
            digest = shard.Digest();
            if (shard.FindFault() is { } fault) _world.Fail($"books: {fault}");
            shard.Dispose();
        }
        catch (SimulatedCrashException)
        {
            return null;
        }

        Open = null;
        History.ProcessEnded();
        Damage.NoteLies();
        Storage = Storage.ProcessEnd();
        return digest;
    }

    /// <summary>The end of the run: what still lives gets errors, and its memory goes.</summary>
    public void Abandon()
    {
        _host.IsOver = true;
        Storage = Storage.ProcessEnd();
        Open?.Dispose();
        Open = null;
        Storage.Recycle();
    }

    private ShardOptions Options() => new()
    {
        Journal = new JournalOptions
        {
            ShardId = Shard,
            SegmentBytesMin = _swarm.SegmentBytes,
            RecentBytes = RecentBytes,
            SegmentBytesMax = _swarm.SegmentBytes,
            SparesAhead = _swarm.Spares,
            OwnThreads = false,
            KeysPerRun = _swarm.KeysPerRun,
            Clock = () => _world.Now,
        },
        Ledger = LedgerSizes(_swarm),
        SnapshotEveryBytes = _swarm.SnapshotEveryBytes,
        SnapshotsKept = 2,
        RingSlots = 512,
        Groups = _swarm.Groups,
        CompletionSlots = 1 << 10,
        AnswerOnPool = false,
    };

    public static LedgerOptions LedgerSizes(Swarm swarm) => new() { HugePages = false, HotKeys = swarm.HotKeys, WalletsExpected = 64, RowsMax = 1 << 16 };

    /// <summary>A shard has failed for good: its process ends with the fault's code.</summary>
    private void Exit(ShardFault fault)
    {
        if (fault.ExitCode != ShardFault.StorageFailed || !MayFail) _world.Fail($"the shard ended with {fault.ExitCode}: {fault.Reason}");
        Damage.NoteLies();
        EndProcess(Storage.ProcessEnd());
    }

    /// <summary>What an operator would read. Without a fault of the disk nothing is missing, damaged or tried again.</summary>
    private void Heard(OperatorNote note)
    {
        _world.Tell(note.Text);
        if (note.Name is not ("SnapshotNotUsed" or "SnapshotNotTaken" or "KeyRunDropped" or "SideIndexFailed" or "KeyIndexFailed" or "SegmentPreparationFailed" or "SegmentRestKept")) return;
        if (!MayFail && !Damage.Exists && !Disk.HasLied && !IsDead) _world.Fail($"{note.Name} although nothing had failed: {note.Text}");
    }

    private void EndProcess(SimulatedStorage next)
    {
        var state = State;
        _world.Tell($"ends while {state}");
        _host.IsOver = true;
        Storage = next;
        Ends++;
        ExpectsTrouble = false;
        _isSyncing = false;
        History.ProcessEnded();
        var shard = Open;
        Open = null;
        Ended?.Invoke();
        _world.In(0, () => Bury(shard));
        _world.In(RestartNanosecondsMin + _random.Below(RestartNanosecondsMax), Boot);
    }

    /// <summary>Gives the dead process's memory back, once nothing of it is on the stack any more.</summary>
    private static void Bury(LedgerShard? shard) => shard?.Dispose();

    private bool Accept(LedgerShard shard, ulong witnessed)
    {
        var recovered = shard.Recovery.LastSequence;
        if (History.Recovered(recovered))
        {
            Damage.Outlive();
            return true;
        }

        // A group that was acknowledged and looks like a torn one: nothing attests the last group but the control slot, which need not survive.
        if (!Damage.Exists) _world.Fail($"recovery ends at {recovered}, and {History.Durable} had been synced");
        else if (witnessed > recovered) _world.Fail($"{Damage.Description}: the start cut after {recovered}, and the control slot had witnessed {witnessed}");
        else if (recovered + 1 < History.LastGroupFirst) _world.Fail($"{Damage.Description}: the start cut acknowledged groups from {recovered + 1} on, and {History.LastGroupFirst} begins the last one");
        HasMetLimit = true;
        _host.IsOver = true;
        shard.Dispose();
        return false;
    }

    private void FailedToStart(Exception error)
    {
        _world.Tell($"does not start: {error.GetType().Name} {error.Message}");
        if (_host.IsOver) return; // the end of the process has scheduled the next start
        _host.IsOver = true;
        switch (error)
        {
            case JournalDamagedException when Damage.Exists:
                Damage.Repair();
                break;
            case JournalIoException when MayFail || Damage.Exists:
                if (Damage.Exists) Damage.Repair();
                break;
            case JournalDamagedException when Disk.HasLied && error.Message.Contains("(EpochLost)", StringComparison.Ordinal):
                HasMetLimit = true; // an operator has to state which epochs were used: a lying disk has lost the file that knew it
                return;
            default:
                _world.Fail($"the node does not start: {error}");
                return;
        }

        ExpectsTrouble = false;
        History.ProcessEnded();
        Storage = Storage.ProcessEnd();
        _world.In(RestartNanosecondsMin + _random.Below(RestartNanosecondsMax), Boot);
    }
}
