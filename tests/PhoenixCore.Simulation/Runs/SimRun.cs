using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Shard;
using PhoenixCore.Simulation.Clients;
using PhoenixCore.Simulation.Node;
using PhoenixCore.Simulation.Oracle;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Runs;

/// <summary>One seed from an empty disk to the last check.</summary>
internal sealed class SimRun : IDisposable
{
    private const long Second = 1_000_000_000;
    private const int StackBytes = 64 << 20;

    /// <summary>Of the machine's time: a step that never returns is found here, one that never ends by <see cref="SimWorld"/>.</summary>
    private static readonly TimeSpan HangsAfter = SimWorld.TimeMax + TimeSpan.FromSeconds(30);

    /// <summary>Then everything is healed, whatever is still to be sent: most of a start's time is the machine's, not virtual.</summary>
    private const int EndsMax = 6;
    private const long QuietNanoseconds = 4 * Second;
    private const long SweepNanoseconds = 3 * Second;
    private const long SettlingMax = 120 * Second;

    private readonly RunPlan _plan;
    private readonly SimWorld _world;
    private readonly Swarm _swarm;
    private readonly FaultTable _faults = new();
    private readonly SimNode _node;
    private readonly Auditor _auditor;
    private readonly SimClients _clients;
    private readonly FaultClock _clock;
    private Dictionary<ulong, SimCommand> _unanswered = [];
    private long _snapshotsUsed;

    private SimRun(RunPlan plan)
    {
        _plan = plan;
        _world = new SimWorld(plan.Seed);
        _swarm = Swarm.Of(plan.Seed, plan.Without, plan.OperationsMax);
        _node = new SimNode(_world, _swarm, _faults);
        _node.Damage.Kinds = _swarm.Intervals.Keys.ToHashSet();
        _auditor = new Auditor(_world, _node.History, SimNode.LedgerSizes(_swarm)) { MayRefuse = () => _clock!.MayRefuse || _node.HasFailed };
        _clients = new SimClients(_world, _swarm, _node, _auditor, plan.Skip);
        _clock = new FaultClock(_world, _node, _swarm);
        _ = new SnapshotAsker(_world, _swarm, _node);
        _node.Started = Started;
        _node.Ended = Ended;
        _node.History.Resolved = end => _unanswered = _unanswered.Where(pair => pair.Key <= end).ToDictionary();
    }

    /// <remarks>On a thread of its own with a deep stack and no context: elsewhere, and deep down, continuations would be sent to the pool instead of being run in place.</remarks>
    public static RunReport Of(RunPlan plan)
    {
        RunReport? report = null;
        var thread = new Thread(() => report = RunHere(plan), StackBytes) { Name = "simulation", IsBackground = true };
        thread.Start();
        return thread.Join(HangsAfter) ? report! : new RunReport(plan, $"at an unknown time: a step has not returned for {HangsAfter.TotalSeconds:F0} s", 0, new RunCounts { Runs = 1 }, new FaultTable(), new CoverageReport());
    }

    private static RunReport RunHere(RunPlan plan)
    {
        var memory = RunMemory.Enter();
        try
        {
            using var run = new SimRun(plan);
            run.ExecuteGuarded();
            return run.Report();
        }
        finally
        {
            memory.Leave();
        }
    }

    private void ExecuteGuarded()
    {
        try
        {
            Execute();
            if (_world.Failure is not null) _world.Tell(_world.Failure);
        }
        catch (Exception broken)
        {
            _world.Fail($"the simulation itself: {broken}");
        }
    }

    public void Dispose()
    {
        _node.Abandon();
        _clients.ForgetAll();
        _auditor.Dispose();
    }

    private void Execute()
    {
        _node.Boot();
        Run(FaultClock.TroubleMax, () => _clients.Busy == 0 || _node.HasMetLimit || _node.Ends >= EndsMax);
        _clock.Heal();
        Run(SettlingMax, () => (_clients.Busy == 0 && _node.Open is not null) || _node.HasMetLimit);
        if (_node.HasMetLimit || _world.Failure is not null) return;
        if (_clients.Busy != 0 || _node.Open is null) _world.Fail($"{_clients.Busy} clients are not done two minutes after everything was healed");
        else if (AskTime() is { } time) FinalChecks(time);
    }

    private void Run(long nanoseconds, Func<bool> isOver)
    {
        var until = _world.Now + nanoseconds;
        while (!isOver() && _world.Now < until && _world.Step())
        {
            // One event each.
        }
    }

    /// <summary>Closed, opened and closed again: three times the same state, and that of the model.</summary>
    /// <param name="time">Of the ledger, some seconds after the last command.</param>
    private void FinalChecks(long time)
    {
        if (!Close("closed")) return;
        FindUnswept(time);
        _node.Boot();
        Run(SettlingMax, () => _node.Open is not null || _node.HasMetLimit);
        if (_node.Open is not { } shard || _world.Failure is not null) return;
        CompareRecords(shard);
        if (_world.Failure is null && Close("opened and closed")) CompareState();
    }

    /// <summary>Seconds of silence, then what time it is.</summary>
    private unsafe long? AskTime()
    {
        Run(QuietNanoseconds, () => false);
        if (_world.Failure is not null || _node.Open is not { } shard) return null;
        var call = shard.Rent();
        call.Command->Kind = CommandKind.Barrier;
        var answered = shard.SendAsync(call, CancellationToken.None).AsTask();
        Run(SettlingMax, () => answered.IsCompleted);
        if (!answered.IsCompleted) _world.Fail("a question after the end is not answered");
        return call.Reply->Stamp;
    }

    /// <summary>Nobody has to name what is due: it is expired by itself.</summary>
    private void FindUnswept(long time)
    {
        _auditor.Model.Resume(0);
        _auditor.Model.Sweep(time - SweepNanoseconds);
        var (real, expected) = (_auditor.Replayed.Counts.Reservations, _auditor.Model.PendingReservations().Count);
        if (real > expected) _world.Fail($"{real} reservations are pending, and {real - expected} of them have been due for seconds");
    }

    private bool Close(string when)
    {
        var digest = _node.Close();
        if (_world.Failure is not null) return false;
        if (_auditor.Follow(_node.History.Durable) is { } wrong) _world.Fail(wrong);
        else if (digest != _auditor.Replayed.Digest()) _world.Fail($"{when}, the state is {digest:x32}; its facts one after the other give {_auditor.Replayed.Digest():x32}");
        return _world.Failure is null;
    }

    private void CompareRecords(LedgerShard shard)
    {
        using var cursor = shard.History.OpenCursor(1);
        for (var sequence = 1UL; sequence <= _node.History.Durable; sequence++)
        {
            if (!cursor.MoveNext())
            {
                _world.Fail($"the journal's reader ends before {sequence}, and {_node.History.Durable} are durable");
                return;
            }

            var known = _node.History.At(sequence);
            if (cursor.Header.Sequence == sequence && cursor.Header.StampedAt == known.Header.StampedAt && cursor.Payload.SequenceEqual(known.Fact.Bytes)) continue;
            _world.Fail($"the journal's reader shows another record at {sequence} than was synced");
            return;
        }
    }

    private void CompareState()
    {
        using var arena = new CommandArena();
        using var rig = new LedgerRig(_auditor.TakeReplayed()) { Appended = _auditor.Book.Add, Keeps = false };
        var translator = new ModelTranslator(_auditor.Book, _auditor.Model, arena, _auditor.LastChangeOf);
        var stamp = _auditor.Stamp;
        if (_auditor.Replayed.FindFault() is { } fault) _world.Fail($"books: {fault}");
        _auditor.Model.AssertInvariants();
        if (new StateComparison(rig, _auditor.Model, _auditor.Book, translator, arena).Find(stamp) is { } difference) _world.Fail($"at the end: {difference}");
    }

    private void Started(LedgerShard shard)
    {
        _auditor.Restarted(_node.History.Durable, _unanswered);
        _unanswered = [];
        if (shard.RecoveredFrom is not null) _snapshotsUsed++;
        var machines = _node.Host.Machines;
        if (_world.Failure is null && machines.IsDrained && shard.Digest() != _auditor.Replayed.Digest()) _world.Fail($"the recovered state is {shard.Digest():x32}; its facts one after the other give {_auditor.Replayed.Digest():x32} (snapshot {shard.RecoveredFrom?.Name})");
        if (_world.Failure is null && machines.IsDrained && shard.KeysForgottenUpTo != _auditor.Replayed.KeysForgottenUpTo) _world.Fail($"after a start, keys up to {shard.KeysForgottenUpTo} count as forgotten; applied one after the other the facts have forgotten {_auditor.Replayed.KeysForgottenUpTo}");
        if (shard.FindFault() is { } fault) _world.Fail($"after a start, books: {fault}");
    }

    private void Ended()
    {
        foreach (var command in _clients.ForgetAll())
        {
            if (command.HasFact && command.Sequence > _auditor.Processed) _unanswered.TryAdd(command.Sequence, command);
        }
    }

    private RunReport Report() => new(_plan, _world.Failure, _world.TraceHash, new RunCounts
    {
        Runs = 1,
        Events = _world.Events,
        Commands = _clients.Made,
        Answers = _auditor.Answers,
        Facts = (long)_node.History.Durable,
        Starts = _node.Starts,
        Crashes = _node.Ends,
        Syncs = _node.Disk.Syncs,
        SyncFailures = _node.Disk.SyncFailures,
        Repairs = _node.Damage.Repairs,
        Limits = _node.HasMetLimit ? 1 : 0,
        Uncertain = _clients.Uncertain,
        Settled = _clients.Settled,
        SnapshotsUsed = _snapshotsUsed,
        VirtualSeconds = _world.Now / 1e9,
    }, _faults, _auditor.Coverage);
}
