using PhoenixCore.Journal.Simulation;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Shard.Tests.Snapshots;

/// <summary>Snapshots at random sequences of random scripts, taken while the script goes on.</summary>
public sealed unsafe class ImageProperties
{
    private static readonly bool IsNightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";

    [Fact]
    public void A_snapshot_has_the_bytes_of_its_moment_whatever_is_written_meanwhile()
    {
        var copied = 0L;
        for (var seed = 1UL; seed <= (IsNightly ? 300UL : 8UL); seed++)
        {
            using var comparison = new ModelComparison(hotKeys: 1 << 10, keeps: true) { StateEvery = int.MaxValue };
            var script = new ScriptGenerator(seed, new ScriptShape { AdminInBatches = true, KeyPercent = 70 }).Take(IsNightly ? 3_000 : 1_200);
            copied += Play(comparison.Rig, new Random((int)seed), () => Assert.Null(comparison.Run(script)));
        }

        Assert.True(copied > 0);
    }

    [Fact]
    public void Policies_counters_and_programs_are_in_it()
    {
        for (var seed = 1; seed <= (IsNightly ? 200 : 8); seed++)
        {
            using var books = new PolicyBooks { Now = 20_000L * 86_400_000_000_000 };
            var random = new Random(seed);
            Play(books.Shop.Rig, random, () => PlayPolicies(books, random), everyFacts: 40);
        }
    }

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(1 << 11)]
    [InlineData(1 << 12)]
    public void A_ring_of_keys_goes_on_as_it_was_and_one_of_another_size_takes_the_newest(int capacity)
    {
        using var undo = new UndoLog();
        using var old = new Ledger.Keys.KeyTable(1 << 11, hugePages: false, undo);
        for (ulong i = 1; i <= 7_000; i++) Insert(old, i);
        using var restored = new Ledger.Keys.KeyTable(capacity, hugePages: false, undo);
        var section = old.Section(StateTable.Keys);
        Buffer.MemoryCopy(section.Memory, restored.Place(section), section.Bytes, section.Bytes);
        restored.Restored();

        Assert.Equal(capacity < 1 << 11 ? 7_000UL - (ulong)capacity : old.Since, restored.Since);
        for (ulong i = 7_001; i <= 9_000; i++) Insert(restored, i);
        Assert.Equal(capacity < 1 << 12 ? 9_000UL - (ulong)capacity : old.Since, restored.Since);
        for (ulong i = 4_000; i <= 9_000; i++) Assert.Equal((i, i > restored.Since), (i, restored.Find(Ledger.Ids.Mix.Of(i), Ledger.Ids.Mix.Of(i, 1)) != null));
    }

    private static void Insert(Ledger.Keys.KeyTable keys, ulong i) => keys.Insert(Ledger.Ids.Mix.Of(i), Ledger.Ids.Mix.Of(i, 1), i, i, LedgerResult.Accepted, closed: false);

    [Fact]
    public void No_table_of_the_state_can_be_left_out()
    {
        using var state = Fresh();
        Type[] noTables = [typeof(UndoLog)];
        var places = state.Sections().Select(section => section.Address).ToHashSet();
        foreach (var field in typeof(LedgerState).GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public))
        {
            if (field.FieldType.IsValueType || noTables.Contains(field.FieldType)) continue;
            foreach (var place in MemoryOf(field.GetValue(state)!)) Assert.True(places.Contains(place), $"{field.Name}: a table that no snapshot holds");
        }

        Assert.Equal(places.Count, state.Sections().Select(section => section.Table).Distinct().Count());
        using var other = Fresh();
        foreach (var section in state.Sections()) Assert.True(other.Place(section) != null, $"{section.Table}: a table that no snapshot gives back");
    }

    /// <summary>Where a table's memory begins; throws for what this test does not know.</summary>
    private static IEnumerable<nint> MemoryOf(object table)
    {
        switch (table)
        {
            case NativeRegion region: return [AddressOf(region)];
            case LotPool lots: return [lots.Pooled.Section(default).Address];
            case BlobPool blobs: return Enumerable.Range(0, BlobPool.Classes).Select(size => blobs.Section(size).Address);
            case HandleTable index: return [index.Section(default).Address];
            case Ledger.Keys.KeyTable keys: return [keys.Section(default).Address];
            case Ledger.Timers.TimerWheel timers: return [timers.Nodes.Section(default).Address, timers.Section(default).Address];
            default: return [((StateSection)table.GetType().GetMethod("Section")!.Invoke(table, [StateTable.Scalars])!).Address];
        }
    }

    private static nint AddressOf(NativeRegion region) => (nint)region.Base;

    private static LedgerState Fresh() => new(new LedgerOptions { HugePages = false, HotKeys = 1 << 10, WalletsExpected = 64, RowsMax = 1 << 16 });

    /// <summary>Takes snapshots one after the other while the facts come, and checks each against a replay.</summary>
    private static long Play(LedgerRig rig, Random random, Action play, int everyFacts = 150)
    {
        var storage = new SimulatedStorage();
        var taken = new List<(ulong Sequence, UInt128 Digest)>();
        SnapshotTaking? taking = null;
        var steps = 0;
        var copied = 0L;
        var next = random.Next(everyFacts);
        rig.Appended += _ =>
        {
            if (taking != null)
            {
                if (random.Next(3) == 0) taking.Step();
                if (steps-- > 0) return;
                taken.Add((taking.Sequence, taking.Complete().Digest));
                taking.CheckBytes(storage);
                copied += taking.CopiedBytes;
                taking.Dispose();
                taking = null;
                next = random.Next(everyFacts);
            }
            else if (next-- <= 0)
            {
                taking = new SnapshotTaking(storage, rig.Ledger);
                steps = random.Next(everyFacts);
            }
        };
        play();
        if (taking != null) taking.Complete();
        taking?.Dispose();
        Assert.True(taken.Count > 0);
        foreach (var (sequence, digest) in taken) Check(rig, storage, sequence, digest);
        return copied;
    }

    private static void Check(LedgerRig rig, SimulatedStorage storage, ulong sequence, UInt128 digest)
    {
        using var reader = SnapshotReader.Open(storage, SnapshotNames.Of(sequence), SnapshotTaking.Shard);
        reader.Prove();
        using var restored = SnapshotTaking.Load(storage, sequence);
        using var replayed = LedgerRig.NewLedger();
        foreach (var fact in rig.Facts.Take((int)sequence)) LedgerRig.Apply(replayed, fact);
        Assert.Equal(replayed.Digest(), restored.Digest());
        Assert.Equal(digest, restored.Digest());
        Assert.Null(restored.FindFault());
        Assert.Equal(replayed.Counts with { IndexBytes = 0 }, restored.Counts with { IndexBytes = 0 });
        foreach (var fact in rig.Facts.Skip((int)sequence)) LedgerRig.Apply(restored, fact);
        Assert.Equal(rig.Ledger.Digest(), restored.Digest());
        Assert.Null(restored.FindFault());
    }

    private static void PlayPolicies(PolicyBooks books, Random random)
    {
        var rule = new LimitRule { Window = LimitWindow.Day, Max = new(5_000) };
        books.Shop.Credit("ann", 1_000_000);
        books.Shop.Credit("bob", 1);
        var policy = books.Put(new PolicyDraft { Rules = [rule] });
        books.Shop.Accept(books.BindingWallet("ann", policy));
        books.Shop.Accept(books.Crediting("ann", 50_000, restrictions: [rule with { PerLot = true }]));
        for (var step = 0; step < 400; step++)
        {
            books.Now += random.Next(1_000, 3_600) * 1_000_000_000L;
            var amount = random.Next(1, 200);
            switch (random.Next(8))
            {
                case 0: books.Put(new PolicyDraft { Rules = [rule with { Max = new(5_000 + step) }] }, policy); break;
                case 1: books.Shop.Run(books.Crediting("ann", amount, attributes: [("channel", PolicyValue.OfText("c" + random.Next(5)))])); break;
                case 2 or 3: books.Shop.Run(books.Reservation("ann", amount, books.Now + 7_200_000_000_000)); break;
                case 4: books.Shop.Run(books.Debit("ann", amount)); break;
                default: books.Shop.Run(books.Shop.Transfer("ann", "bob", amount)); break;
            }
        }
    }
}
