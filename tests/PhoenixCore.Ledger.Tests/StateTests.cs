using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Keys;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Timers;

namespace PhoenixCore.Ledger.Tests;

/// <summary>The tables beneath the ledger, each against the obvious collection.</summary>
public sealed unsafe class StateTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 100 : 5;

    [Fact]
    public void A_handle_table_finds_what_a_dictionary_finds()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var keys = new ulong[1 << 16];
            using var undo = new UndoLog();
            using var table = new HandleTable(16, false, undo); // doubles on the way
            var truth = new Dictionary<ulong, int>();
            var spread = seed % 2 == 0; // else keys whose tags collide and cluster
            ulong HashOf(ulong key) => spread ? Mix.Of(key) : (key % 97) << 32;
            var keysMax = spread ? 20_000 : 900;
            for (var step = 0; step < 40_000; step++)
            {
                var key = (ulong)random.Next(1, keysMax);
                var hash = HashOf(key);
                var found = table.Find(hash, new KeyMatch(keys, key));
                Assert.True(found == truth.GetValueOrDefault(key), $"seed {seed}, step {step}: {found} for {key}");
                var handle = (int)key + ((step % 2) * 30_000);
                keys[handle] = key;
                switch (random.Next(3))
                {
                    case 0 when found == 0:
                        table.Insert(hash, handle);
                        truth[key] = handle;
                        break;
                    case 1 when found != 0:
                        table.Remove(hash, found);
                        truth.Remove(key);
                        break;
                    case 2 when found != 0:
                        table.Replace(hash, found, handle);
                        truth[key] = handle;
                        break;
                }

                Assert.Equal(truth.Count, table.Count);
            }

            foreach (var (key, handle) in truth) Assert.Equal(handle, table.Find(HashOf(key), new KeyMatch(keys, key)));
        }
    }

    [Fact]
    public void A_handle_table_takes_back_what_was_done_since_the_undo_log_began()
    {
        var keys = Enumerable.Range(0, 400).Select(i => (ulong)i).ToArray();
        using var undo = new UndoLog();
        using var table = new HandleTable(16, false, undo);
        for (var i = 1; i < 200; i++) table.Insert(Mix.Of((ulong)i), i);
        table.EnsureRoom(200);

        undo.Begin();
        for (var i = 200; i < 400; i++) table.Insert(Mix.Of((ulong)i), i);
        for (var i = 1; i < 100; i++) table.Remove(Mix.Of((ulong)i), i);
        undo.Undo();
        table.RestoreCount(199);

        for (var i = 1; i < 400; i++) Assert.Equal(i < 200 ? i : 0, table.Find(Mix.Of((ulong)i), new KeyMatch(keys, (ulong)i)));
    }

    [Fact]
    public void A_key_table_remembers_exactly_the_last_keys_and_says_since_when_it_forgets()
    {
        const int capacity = 1 << 10;
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            using var undo = new UndoLog();
            using var table = new KeyTable(capacity, hugePages: false, undo);
            var window = new Queue<(ulong Lo, ulong Hi, ulong Sequence)>();
            var forgotten = new List<(ulong Lo, ulong Hi)>();
            ulong since = 0;
            for (ulong sequence = 1; sequence < 12_000; sequence++)
            {
                // Few buckets for many keys, so that they overflow far and the marks have to lead on.
                var lo = seed % 2 == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(3);
                var hi = ((ulong)random.Next() << 32) | (seed % 2 == 0 ? (ulong)random.Next() : 0);
                if (table.Find(lo, hi) != null) continue;
                table.Insert(lo, hi, fingerprint: sequence * 3, sequence, LedgerResult.WalletFrozen, closed: sequence % 5 == 0);
                window.Enqueue((lo, hi, sequence));
                if (window.Count > capacity)
                {
                    var old = window.Dequeue();
                    forgotten.Add((old.Lo, old.Hi));
                    since = old.Sequence;
                }

                Assert.Equal(since, table.Since);
                if (sequence % 101 != 0) continue;
                foreach (var key in window)
                {
                    var entry = table.Find(key.Lo, key.Hi);
                    Assert.True(entry != null, $"seed {seed}: key of {key.Sequence} lost at {sequence}");
                    Assert.Equal((key.Sequence, key.Sequence * 3, LedgerResult.WalletFrozen, key.Sequence % 5 == 0), (entry->Sequence, entry->Fingerprint, entry->Result, entry->Closed));
                }

                foreach (var (oldLo, oldHi) in forgotten.TakeLast(50)) Assert.True(table.Find(oldLo, oldHi) == null || window.Any(key => key.Lo == oldLo && key.Hi == oldHi));
            }
        }
    }

    [Fact]
    public void A_timer_wheel_gives_out_what_a_sorted_list_gives_out()
    {
        const long second = 1_000_000_000;
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            using var undo = new UndoLog();
            using var wheel = new TimerWheel(1 << 16, hugePages: false, undo);
            var truth = new Dictionary<int, (long Due, int Node)>();
            var now = 1_700_000_000L * second;
            var started = seed % 3 != 0; // now and then timers are set before the first sweep, as a replay does
            if (started) Sweep(wheel, truth, now);
            long[] reach = [1, 5, 60, 1_000, 1_100, 3_600, 90_000, 1_100_000, 40_000_000, 2_000_000_000];
            for (var handle = 1; handle < 4_000; handle++)
            {
                var due = now + (random.NextInt64(reach[random.Next(reach.Length)]) * second) + random.Next(1_000_000_000);
                truth[handle] = (due, wheel.Set(TimerOwner.Lot, handle, due));
                if (random.Next(4) == 0)
                {
                    var victim = truth.Keys.First();
                    wheel.Cancel(truth[victim].Node);
                    truth.Remove(victim);
                }

                Assert.Equal(truth.Count, wheel.Count);
                if (handle % 40 != 0) continue;
                now += random.Next(8) == 0 ? random.NextInt64(200_000) * second : random.NextInt64(1_500) * second;
                Sweep(wheel, truth, now);
            }
        }
    }

    [Fact]
    public void A_sweep_of_few_steps_goes_on_where_it_stopped()
    {
        using var undo = new UndoLog();
        using var wheel = new TimerWheel(64, hugePages: false, undo);
        var steps = 10;
        Assert.False(wheel.TryPeekDue(1_000_000_000, ref steps, out _, out _));
        wheel.Set(TimerOwner.Reservation, 7, 500L * 1_000_000_000);

        var calls = 0;
        var handle = 0;
        for (var found = false; !found; calls++)
        {
            steps = 64;
            found = wheel.TryPeekDue(600L * 1_000_000_000, ref steps, out _, out handle);
        }

        Assert.Equal((7, 8), (handle, calls));
    }

    [Fact]
    public void A_row_pool_gives_freed_rows_again_last_freed_first_and_foretells_them()
    {
        using var undo = new UndoLog();
        using var pool = new RowPool<LotRow>(1 << 10, hugePages: false, undo);
        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 4).Select(_ => pool.Allocate()));
        pool.Write(2)->Number = 9;
        pool.Free(2);
        pool.Free(4);

        RowCursor ahead = default;
        int[] upcoming = [pool.Upcoming(ref ahead), pool.Upcoming(ref ahead), pool.Upcoming(ref ahead), pool.Upcoming(ref ahead)];
        Assert.Equal([4, 2, 5, 6], upcoming);
        Assert.Equal(upcoming, Enumerable.Range(0, 4).Select(_ => pool.Allocate()));
        Assert.Equal(0UL, pool.Read(2)->Number);
        Assert.Equal((6, 7), (pool.Live, pool.End));
    }

    [Fact]
    public void An_undo_log_puts_every_byte_back_however_often_it_was_written()
    {
        var random = new Random(5);
        var bytes = new byte[200_000];
        random.NextBytes(bytes);
        var before = bytes.ToArray();
        using var undo = new UndoLog();
        fixed (byte* first = bytes)
        {
            for (var round = 0; round < 3; round++)
            {
                undo.Begin();
                for (var i = 0; i < 5_000; i++)
                {
                    var length = random.Next(1, 200);
                    var at = random.Next(bytes.Length - length);
                    undo.Save(first + at, length);
                    random.NextBytes(new Span<byte>(first + at, length));
                }

                Assert.NotEqual(before, bytes);
                undo.Undo();
                Assert.Equal(before, bytes);
                Assert.False(undo.Active);
            }
        }
    }

    /// <summary>Takes out all that is due by then; each must be due, and all whose second is over must come.</summary>
    private static void Sweep(TimerWheel wheel, Dictionary<int, (long Due, int Node)> truth, long now)
    {
        var steps = int.MaxValue;
        while (wheel.TryPeekDue(now, ref steps, out var owner, out var handle))
        {
            Assert.Equal(TimerOwner.Lot, owner);
            Assert.True(truth.Remove(handle, out var timer));
            Assert.True(timer.Due <= now);
            wheel.Cancel(timer.Node);
        }

        Assert.DoesNotContain(truth.Values, timer => timer.Due / 1_000_000_000 < now / 1_000_000_000);
    }

    private readonly struct KeyMatch(ulong[] keys, ulong key) : IRowMatch
    {
        public bool Matches(int handle) => keys[handle] == key;
    }
}
