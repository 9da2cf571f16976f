using PhoenixCore.Model.Scripts;

namespace PhoenixCore.Simulation.World;

/// <summary>What one seed draws: which faults there are and how often, how many clients, how large things are.</summary>
internal sealed record Swarm
{
    private const long Millisecond = 1_000_000;

    /// <summary>Mean virtual nanoseconds between two faults of a kind that come by time; kinds that are not in it do not occur.</summary>
    public required IReadOnlyDictionary<FaultKind, long> Intervals { get; init; }

    /// <summary>Calls to the disk per fault of a kind that comes with a call.</summary>
    public required IReadOnlyDictionary<FaultKind, int> Calls { get; init; }

    /// <summary>Which calls the crashes that come with calls prefer.</summary>
    public required CrashFocus Focus { get; init; }

    public required int Clients { get; init; }

    public required int Operations { get; init; }

    /// <summary>Mean virtual nanoseconds between an answer and the next command of the same client.</summary>
    public required long Think { get; init; }

    public required long Timeout { get; init; }

    public required long SyncNanoseconds { get; init; }

    public required int HotKeys { get; init; }

    public required int KeysPerRun { get; init; }

    public required long SnapshotEveryBytes { get; init; }

    /// <summary>Mean virtual nanoseconds between two snapshots that an operator asks for; 0 = nobody asks.</summary>
    public required long SnapshotAskEvery { get; init; }

    /// <summary>Virtual nanoseconds between two pieces of a snapshot, at most.</summary>
    public required int SnapshotStepMax { get; init; }

    /// <summary>Virtual nanoseconds that the journal's background work takes longer than it need, at most.</summary>
    public required int BackgroundStepMax { get; init; }

    public required int SegmentBytes { get; init; }

    /// <summary>With few of them nothing is decided while a group is under way: each group under way needs certain room.</summary>
    public required int Spares { get; init; }

    public required int Groups { get; init; }

    /// <summary>Commands with texts of up to 12 KiB, so that segments fill.</summary>
    public required int LongTextPercent { get; init; }

    public required ScriptShape Shape { get; init; }

    /// <param name="without">Kinds that are left out, whatever the seed says.</param>
    /// <param name="operationsMax">Commands at most.</param>
    public static Swarm Of(ulong seed, IReadOnlySet<FaultKind> without, int operationsMax)
    {
        var random = new SplitMix64(seed ^ 0x5357_4152_4D);
        var crowd = random.Percent(10); // so many at once that a key may be forgotten between a look and a decision
        var (clients, operations) = (crowd ? random.Between(70, 160) : random.Between(1, 6), crowd || random.Percent(8) ? random.Between(250, 500) : random.Between(30, 150));
        var (segment, spares) = random.Pick<(int, int)>([(2 << 20, 2), (2 << 20, 4), (4 << 20, 1), (4 << 20, 1)]);
        var think = random.Pick<long>([20_000, 200_000, 2 * Millisecond, 10 * Millisecond]);
        var sync = random.Pick<long>([50_000, 400_000, 3 * Millisecond]);
        var lasts = Math.Max(40 * Millisecond, operations * (think + (2 * sync)) / clients); // about so long, if nothing goes wrong
        var intervals = new Dictionary<FaultKind, long>();
        var calls = new Dictionary<FaultKind, int>();
        var quiet = random.Percent(8); // now and then nothing goes wrong at all
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var has = random.Percent(ShareOf(kind)) && !quiet;
            var strength = random.Between(1, 8);
            if (!has || without.Contains(kind)) continue;
            if (IsByCall(kind)) calls[kind] = CallsOf(kind) * strength;
            else intervals[kind] = lasts * strength / 8;
        }

        return new Swarm
        {
            Intervals = intervals,
            Calls = calls,
            Focus = random.Pick(Enum.GetValues<CrashFocus>()),
            Clients = clients,
            Operations = Math.Min(operationsMax, operations),
            Think = think,
            Timeout = random.Pick<long>([3 * Millisecond, 30 * Millisecond, 300 * Millisecond]),
            SyncNanoseconds = sync,
            HotKeys = random.Pick([64, 64, 64, 1_024]),
            KeysPerRun = random.Pick([8, 16, 64, 1 << 10]),
            SnapshotEveryBytes = random.Pick<long>([0, 48 << 10, 128 << 10, 400 << 10]),
            SnapshotAskEvery = random.Percent(50) ? lasts / random.Between(2, 12) : 0,
            SnapshotStepMax = random.Pick([15_000, 15_000, 400_000]),
            BackgroundStepMax = random.Pick([150_000, 150_000, 20_000_000]),
            SegmentBytes = segment,
            Spares = spares,
            Groups = random.Between(2, 3),
            LongTextPercent = random.Pick([0, 0, 20, 80]),
            Shape = ShapeOf(random),
        };
    }

    public static bool IsByCall(FaultKind kind) => kind is FaultKind.PowerCutAtCall or FaultKind.KillAtCall or FaultKind.SyncKept or FaultKind.SyncReverted or FaultKind.SyncLate or FaultKind.SyncLie or FaultKind.WriteError or FaultKind.OtherError;

    /// <summary>Percent of the seeds that have this kind.</summary>
    private static int ShareOf(FaultKind kind) => kind switch
    {
        FaultKind.PowerCut or FaultKind.Kill or FaultKind.PowerCutAtCall or FaultKind.WriteBack => 55,
        FaultKind.SyncLie or FaultKind.SyncLate => 16,
        FaultKind.Rot => 25,
        FaultKind.Unreadable => 10,
        _ => 25,
    };

    private static int CallsOf(FaultKind kind) => kind switch
    {
        FaultKind.PowerCutAtCall or FaultKind.KillAtCall => 500,
        FaultKind.OtherError => 250,
        _ => 80,
    };

    private static ScriptShape ShapeOf(SplitMix64 random) => new()
    {
        TimeUnit = random.Pick<long>([Millisecond, 30 * Millisecond]),
        PlainWallets = random.Between(2, 5),
        KeyPercent = random.Pick([40, 70, 100]),
        UsedKeyPercent = random.Pick([5, 20, 35]),
        KeysKept = random.Pick([24, 400]),
        DustOnceIn = 0,
        RetireOnceIn = 0,
        PolicyPercent = random.Percent(25) ? 6 : 0,
        AdminInBatches = random.Percent(50),
    };
}
