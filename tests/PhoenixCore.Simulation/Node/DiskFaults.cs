using PhoenixCore.Journal.Simulation;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Node;

/// <summary>What happens around the calls to one node's disk: they take time, fail, lie, and the power goes at them.</summary>
internal sealed class DiskFaults(SimWorld world, SimNode node, Swarm swarm) : IDiskWeather
{
    /// <summary>Calls per crash where a run's focus lies, there where many of them come in a row and where few do, and how much rarer crashes are elsewhere.</summary>
    private const int DenseCalls = 200;
    private const int SparseCalls = 25;
    private const int UnfocusedFactor = 4;
    private const int FirstCalls = 60;
    private readonly SplitMix64 _random = world.Stream(2);

    /// <summary>False: from now on nothing goes wrong.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>Until then the disk answers nobody.</summary>
    public long StalledUntil { get; private set; }

    public long Syncs { get; private set; }

    public long SyncFailures { get; private set; }

    /// <summary>Calls since the last start.</summary>
    public int CallsOfProcess { get; set; }

    /// <summary>At least one sync has said yes without having done it: what was acknowledged may be lost.</summary>
    public bool HasLied { get; private set; }

    /// <param name="most">Nanoseconds.</param>
    public void Stall(long most) => StalledUntil = Math.Max(StalledUntil, world.Now + 1 + (long)(_random.Next() % (ulong)most));

    public void Before(string operation, string file)
    {
        world.Trace(operation);
        CallsOfProcess++;
        node.Enter(operation, file);
        MaybeCrash(operation, file);
        if (operation is "fdatasync" or "msync" && node.MayBlock) node.Block(swarm.SyncNanoseconds / 2 + (long)(_random.Next() % (ulong)swarm.SyncNanoseconds) + Math.Max(0, StalledUntil - world.Now));
    }

    public void After(string operation, string file)
    {
        MaybeCrash(operation, file);
        node.Leave(operation, file);
    }

    public (int Errno, SyncFailure? Failure)? Fault(string operation, string file)
    {
        if (!IsActive) return null;
        if (operation is "fsync" or "fdatasync" or "msync")
        {
            if (file == ".") return Hits(FaultKind.OtherError) ? Trouble(5) : null;
            Syncs++;
            foreach (var (kind, failure) in new[] { (FaultKind.SyncKept, SyncFailure.CacheKept), (FaultKind.SyncReverted, SyncFailure.CacheReverted), (FaultKind.SyncLate, SyncFailure.ReportedLate), (FaultKind.SyncLie, SyncFailure.NeverReported) })
            {
                if (!Hits(kind)) continue;
                SyncFailures++;
                HasLied |= failure is SyncFailure.ReportedLate or SyncFailure.NeverReported;
                node.ExpectsTrouble = true;
                return (_random.Pick([5, 28, 30]), failure);
            }

            return null;
        }

        if (operation is "pwrite" && Hits(FaultKind.WriteError)) return Trouble(_random.Pick([5, 28, 30]));
        if (operation is "pread" or "open" or "rename" or "unlink" or "ftruncate" or "posix_fallocate" or "posix_fadvise" or "mmap" && Hits(FaultKind.OtherError)) return Trouble(5);
        return null;
    }

    public void Written(string file, long offset, ReadOnlySpan<byte> bytes) => node.History.Written(file, offset, bytes);

    public void Synced(string file) => node.History.Synced(file);

    private (int, SyncFailure?) Trouble(int errno)
    {
        node.ExpectsTrouble = true;
        return (errno, null);
    }

    private void MaybeCrash(string operation, string file)
    {
        if (!IsActive) return;
        if (Hits(FaultKind.PowerCutAtCall, operation, file)) node.PowerCut(FaultKind.PowerCutAtCall);
        else if (Hits(FaultKind.KillAtCall, operation, file)) node.Kill(FaultKind.KillAtCall);
        if (node.IsDead) throw new SimulatedCrashException();
    }

    private bool IsFocused(string operation, string file) => swarm.Focus switch
    {
        CrashFocus.Syncs => operation is "fdatasync" or "fsync",
        CrashFocus.FirstCalls => !node.IsStarting && CallsOfProcess < FirstCalls,
        CrashFocus.Snapshots => file.Contains(".snapshot", StringComparison.Ordinal) || file.Contains(".keys", StringComparison.Ordinal),
        CrashFocus.Names => operation is "rename" or "unlink" || file == ".",
        CrashFocus.Groups => node.State is NodeState.Write or NodeState.Sync,
        CrashFocus.Recovery => node.IsStarting,
        _ => false,
    };

    private bool Hits(FaultKind kind, string operation, string file)
    {
        if (!swarm.Calls.TryGetValue(kind, out var calls)) return false;
        if (swarm.Focus != CrashFocus.Anywhere) calls = !IsFocused(operation, file) ? calls * UnfocusedFactor : swarm.Focus is CrashFocus.Names or CrashFocus.Snapshots ? SparseCalls : DenseCalls;
        return Hits(kind, calls);
    }

    private bool Hits(FaultKind kind) => swarm.Calls.TryGetValue(kind, out var calls) && Hits(kind, calls);

    private bool Hits(FaultKind kind, int calls)
    {
        if (_random.Below(calls) != 0) return false;
        world.Trace((ulong)kind);
        world.Tell($"{kind} while {node.State}");
        node.Faults.Count(kind, node.State);
        return true;
    }
}
