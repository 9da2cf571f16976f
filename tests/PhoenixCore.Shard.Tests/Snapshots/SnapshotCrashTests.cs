using PhoenixCore.Journal;
using PhoenixCore.Journal.Simulation;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Shard.Tests.Snapshots;

/// <summary>The power goes off at each storage call while snapshots are written, replaced and removed; and every kind of damage to a snapshot.</summary>
public sealed class SnapshotCrashTests : IDisposable
{
    private static readonly bool IsNightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";
    private readonly ModelComparison _source = new(hotKeys: 1 << 10, keeps: true) { StateEvery = int.MaxValue };
    private readonly List<UInt128> _digests = [];

    public SnapshotCrashTests()
    {
        using var ledger = LedgerRig.NewLedger();
        _digests.Add(ledger.Digest());
        Assert.Null(_source.Run(new ScriptGenerator(3, new ScriptShape { KeyPercent = 60 }).Take(160)));
        foreach (var fact in _source.Rig.Facts.Take(130))
        {
            LedgerRig.Apply(ledger, fact);
            _digests.Add(ledger.Digest());
        }
    }

    public void Dispose() => _source.Dispose();

    [Fact]
    public void A_crash_at_any_call_leaves_a_directory_that_recovers_every_durable_fact()
    {
        var (cases, withSnapshot) = (0, 0);
        var stride = IsNightly ? 1 : 5;
        for (var call = 1; ; call += stride)
        {
            var storage = new SimulatedStorage { CrashAtCall = call, CrashAfterEffect = call % 2 == 0 };
            var (durable, ended) = Run(storage);
            foreach (var outcome in Enum.GetValues<CrashOutcome>())
            {
                using var after = new SimulatedShard(storage.Crash(outcome, seed: call), _source.Rig.Facts);
                var where = $"call {call}, {outcome}";
                Assert.True(after.Ledger.Sequence >= durable, $"{where}: {durable} were durable, {after.Ledger.Sequence} came back");
                Assert.True(_digests[(int)after.Ledger.Sequence] == after.Ledger.Digest(), where);
                Assert.True(after.Notes.Count == 0, $"{where}: {string.Join(" ", after.Notes)}");
                withSnapshot += after.Used is null ? 0 : 1;
                cases++;
                after.Commit(1);
            }

            if (ended) break;
        }

        Assert.True(cases > (IsNightly ? 1_000 : 200), $"only {cases} states");
        Assert.True(withSnapshot > cases / 4, $"only {withSnapshot} of {cases} began with a snapshot");
    }

    [Fact]
    public void Every_flipped_bit_is_found_and_says_where()
    {
        var storage = new SimulatedStorage();
        Run(storage);
        var name = SnapshotNames.In(storage)[0];
        var size = storage.Raw(name).Length;
        var random = new Random(1);
        // Every bit of the first page, and bits all over the rest.
        var places = Enumerable.Range(0, IsNightly ? 4_096 * 8 : 1_500).Select(i => IsNightly ? i : random.Next(4_096 * 8)).Select(bit => (At: bit / 8, Bit: bit % 8))
            .Concat(Enumerable.Range(0, IsNightly ? 30_000 : 400).Select(_ => (At: 4_096 + random.Next(size - 4_096), Bit: random.Next(8))));
        foreach (var (at, bit) in places)
        {
            storage.Raw(name)[at] ^= (byte)(1 << bit);
            var found = Assert.Throws<SnapshotUnusableException>(() => Prove(storage, name));
            Assert.True(at < 4_096 ? found.Offset == 0 : found.Offset <= at && at < found.Offset + SectionLine.PieceBytes, $"byte {at}: {found.Message}");
            Assert.Contains(name, found.Message, StringComparison.Ordinal);
            storage.Raw(name)[at] ^= (byte)(1 << bit);
        }

        Prove(storage, name);
        foreach (var length in new[] { 0L, 100, 4_096, size - 4_096, size - 1 }) AssertDamaged(storage, name, copy => copy.SetLength(name, length));
        AssertDamaged(storage, name, copy => copy.SetLength(name, size + 4_096));
        AssertDamaged(storage, name, copy => copy.Put(SnapshotNames.Of(77), storage.Raw(name)), SnapshotNames.Of(77));
    }

    [Fact]
    public void What_the_device_gives_back_changed_gets_no_name()
    {
        var storage = new SimulatedStorage();
        using var taking = new SnapshotTaking(storage, _source.Rig.Ledger);
        var isDone = false;
        storage.Watcher = call =>
        {
            // Before the first read of the unfinished file: its bytes have gone bad since they were written.
            if (isDone || call.Operation != "pread" || !call.File.EndsWith(".tmp", StringComparison.Ordinal)) return;
            isDone = true;
            storage.Raw(call.File)[50_000] ^= 1;
        };
        Assert.Throws<SnapshotUnusableException>(() => taking.Complete());
        storage.Watcher = null;
        Assert.Empty(SnapshotNames.In(storage));
    }

    private static void AssertDamaged(SimulatedStorage storage, string name, Action<SimulatedStorage> damage, string? look = null)
    {
        var copy = storage.Copy();
        damage(copy);
        Assert.Equal(SnapshotFlaw.Damaged, Assert.Throws<SnapshotUnusableException>(() => Prove(copy, look ?? name)).Flaw);
    }

    private static void Prove(SimulatedStorage storage, string name)
    {
        using var reader = SnapshotReader.Open(storage, name, SnapshotTaking.Shard);
        reader.Prove();
    }

    /// <summary>Two openings, four snapshots.</summary>
    private (ulong Durable, bool Ended) Run(SimulatedStorage storage)
    {
        var durable = 0UL;
        try
        {
            for (var opening = 0; opening < 2; opening++)
            {
                using var shard = new SimulatedShard(storage, _source.Rig.Facts);
                for (var round = 0; round < 2; round++)
                {
                    try
                    {
                        shard.Commit(9);
                        shard.Snapshot();
                        shard.Commit(4);
                    }
                    finally
                    {
                        durable = shard.Durable;
                    }
                }
            }
        }
        catch (SimulatedCrashException)
        {
            return (durable, false);
        }

        return (durable, true);
    }
}
