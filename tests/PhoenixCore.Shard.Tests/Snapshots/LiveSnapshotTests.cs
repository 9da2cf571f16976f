using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Shard.Tests.Snapshots;

/// <summary>Snapshots of a running shard on real files, and what opening makes of them.</summary>
public sealed class LiveSnapshotTests
{
    [Fact]
    public async Task A_snapshot_under_load_is_the_state_at_its_sequence()
    {
        using var rig = new ShardRig();
        var load = new Load(rig);
        var taken = new List<SnapshotInfo>();
        for (var i = 0; i < 4; i++)
        {
            taken.Add(await rig.Shard.Snapshots.TakeAsync());
            await Task.Delay(50);
        }

        load.Stop();
        Assert.True(load.Sent > 1_000);
        Assert.Empty(rig.Faults);
        var last = rig.Shard.Cursors.Committed;
        var digest = rig.Shard.Digest();
        rig.Shard.Dispose();
        foreach (var snapshot in taken) Assert.Equal(ShardRig.Replay(rig.Directory, snapshot.Sequence, rig.HotKeys), snapshot.Digest);
        Assert.Equal(ShardRig.Replay(rig.Directory, last, rig.HotKeys), digest);
        Assert.Equal(3, Directory.GetFiles(rig.Directory, "*.snapshot").Length);
        rig.Reopen();
        Assert.Equal(taken[^1].Sequence, rig.Shard.RecoveredFrom?.Sequence);
        Assert.True((ulong)rig.Shard.Recovery.VisitedRecords <= last - taken[^1].Sequence + 1);
        Assert.Null(rig.Shard.FindFault());
    }

    [Fact]
    public async Task A_digest_under_load_is_that_of_the_state_where_a_group_ended_and_gives_way_to_a_snapshot()
    {
        using var rig = new ShardRig();
        var load = new Load(rig);
        var marks = new List<StateMark>();
        while (marks.Count < 4)
        {
            if (await rig.Shard.Snapshots.DigestAsync() is { } mark) marks.Add(mark);
            else await Task.Delay(1);
        }

        Assert.Equal(marks[^1].Sequence, rig.Shard.Snapshots.Marked);
        var taking = rig.Shard.Snapshots.TakeAsync();
        Assert.Null(await rig.Shard.Snapshots.DigestAsync());
        await taking;
        load.Stop();
        var waiting = rig.Shard.Snapshots.DigestAsync(); // for a group that does not come
        await rig.Shard.Snapshots.TakeAsync();
        Assert.Null(await waiting);
        rig.Shard.Dispose();
        Assert.Empty(rig.Faults);
        foreach (var mark in marks) Assert.Equal(ShardRig.Replay(rig.Directory, mark.Sequence, rig.HotKeys), mark.Digest);
        rig.Reopen();
    }

    [Fact]
    public async Task What_was_restored_goes_on_to_the_same_digest_as_what_was_replayed()
    {
        using var rig = new ShardRig();
        var (from, to) = Prepare(rig);
        await rig.Shard.Snapshots.TakeAsync();
        rig.TransferMany(from, to, firstKey: 50_000, count: 300);
        rig.Shard.Dispose();
        var (with, without) = (rig.Copy(withSnapshots: true), rig.Copy(withSnapshots: false));
        var digests = new List<UInt128>();
        foreach (var directory in new[] { with, without })
        {
            // The rig's clock stands still, so both see the same stamps.
            rig.Use(rig.Open(directory));
            Assert.Equal(directory == with, rig.Shard.RecoveredFrom != null);
            rig.TransferMany(from, to, firstKey: 60_000, count: 300);
            Assert.True(rig.Transfer(from, to, 1, key: 50_001).Duplicate);
            Assert.True(rig.Transfer(from, to, 1, key: 10).Duplicate);
            rig.Reserve(from, 5, rig.Clock.WallNanoseconds + 3_600_000_000_000);
            digests.Add(rig.Shard.Digest());
            rig.Shard.Dispose();
            Directory.Delete(directory, recursive: true);
        }

        Assert.Equal(digests[1], digests[0]);
        rig.Reopen();
    }

    [Fact]
    public async Task A_timer_set_before_the_snapshot_expires_long_after_it_was_restored()
    {
        using var rig = new ShardRig();
        var (from, _) = Prepare(rig);
        var (_, reservation) = rig.Reserve(from, 5, rig.Clock.WallNanoseconds + 60_000_000_000);
        await rig.Shard.Snapshots.TakeAsync();
        rig.Shard.Dispose();
        rig.Clock.Advance(TimeSpan.FromDays(400));
        rig.Use(rig.Open());
        Assert.NotNull(rig.Shard.RecoveredFrom);
        for (var wait = 0; wait < 200 && rig.Shard.Counts.Reservations > 0; wait++) await Task.Delay(50);
        Assert.Equal(0, rig.Shard.Counts.Reservations);
        Assert.NotEqual(LedgerResult.Accepted, rig.Commit(reservation));
    }

    [Fact]
    public async Task A_damaged_snapshot_falls_back_to_the_one_before_and_at_last_to_the_journal()
    {
        using var rig = new ShardRig();
        var (from, to) = Prepare(rig);
        var older = await rig.Shard.Snapshots.TakeAsync();
        rig.TransferMany(from, to, firstKey: 70_000, count: 100);
        var newer = await rig.Shard.Snapshots.TakeAsync();
        var digest = rig.Shard.Digest();
        rig.Shard.Dispose();

        Flip(Path.Combine(rig.Directory, newer.Name), 8_192);
        rig.Use(rig.Open());
        Assert.Equal(older, rig.Shard.RecoveredFrom);
        Assert.Contains(rig.Shard.Recovery.Notes, note => note.Contains(newer.Name, StringComparison.Ordinal) && note.Contains("case c", StringComparison.Ordinal));
        rig.Shard.Dispose();

        Flip(Path.Combine(rig.Directory, older.Name), 20);
        rig.Use(rig.Open());
        Assert.Null(rig.Shard.RecoveredFrom);
        Assert.Equal(2, rig.Shard.Recovery.Notes.Count(note => note.Contains("case c", StringComparison.Ordinal)));
        rig.Shard.Dispose();
        Assert.Equal(ShardRig.Replay(rig.Directory, newer.Sequence, rig.HotKeys), newer.Digest);
        Assert.Equal(digest, newer.Digest); // nothing was sent in between
        rig.Use(rig.Open());
    }

    [Fact]
    public async Task A_snapshot_of_another_history_or_shard_is_refused_by_name()
    {
        using var rig = new ShardRig();
        using var other = new ShardRig(new ManualClock());
        var (from, to) = Prepare(rig);
        var (otherFrom, otherTo) = Prepare(other);
        rig.TransferMany(from, to, firstKey: 80_000, count: 200);
        other.Clock.Advance(TimeSpan.FromSeconds(1)); // other stamps, so another chain
        other.TransferMany(otherFrom, otherTo, firstKey: 90_000, count: 200);
        var foreign = await other.Shard.Snapshots.TakeAsync();
        rig.Shard.Dispose();
        File.Copy(Path.Combine(other.Directory, foreign.Name), Path.Combine(rig.Directory, foreign.Name));
        var refused = Assert.Throws<JournalDamagedException>(() => rig.Open());
        Assert.Contains(foreign.Name, refused.Message, StringComparison.Ordinal);
        Assert.Contains("case f", refused.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(rig.Directory, foreign.Name));
        rig.Use(rig.Open());
    }

    [Fact]
    public async Task Snapshots_come_by_bytes_of_journal_and_the_oldest_go()
    {
        using var rig = new ShardRig(snapshotEvery: 1 << 20, snapshotsKept: 2);
        var (from, to) = Prepare(rig);
        for (var round = 0; round < 8; round++)
        {
            rig.TransferMany(from, to, firstKey: 100_000UL + (ulong)(round * 10_000), count: 8_000);
            await Task.Delay(300);
        }

        for (var wait = 0; wait < 100 && rig.Lines.Count(line => line.Contains("was removed", StringComparison.Ordinal)) == 0; wait++) await Task.Delay(50);
        lock (rig.Lines) Assert.Contains(rig.Lines, line => line.Contains("was removed", StringComparison.Ordinal));
        rig.Shard.Dispose();
        Assert.Equal(2, Directory.GetFiles(rig.Directory, "*.snapshot").Length);
        Assert.Empty(Directory.GetFiles(rig.Directory, "*.snapshot.tmp"));
        rig.Use(rig.Open());
        Assert.NotNull(rig.Shard.RecoveredFrom);
    }

    internal static (ulong From, ulong To) Prepare(ShardRig rig)
    {
        var (from, to) = (rig.Wallet(1), rig.Wallet(2));
        Assert.Equal(LedgerResult.Accepted, rig.Credit(from, 1_000_000_000, key: 5));
        Assert.Equal(LedgerResult.Accepted, rig.Credit(to, 1, key: 6));
        Assert.Equal(LedgerResult.Accepted, rig.Transfer(from, to, 1, key: 10).Result);
        return (from, to);
    }

    private static void Flip(string file, int at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= 4;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Transfers between a few wallets until stopped.</summary>
    private sealed class Load
    {
        private readonly Thread _thread;
        private volatile bool _stop;
        private long _sent;

        public Load(ShardRig rig)
        {
            var (from, to) = Prepare(rig);
            var reservation = rig.Reserve(from, 7);
            Assert.Equal(LedgerResult.Accepted, reservation.Result);
            _thread = new Thread(() =>
            {
                for (var key = 1_000_000UL; !_stop; key += 2_000)
                {
                    rig.TransferMany(from, to, key, 1_000);
                    Interlocked.Add(ref _sent, 1_000);
                    for (var i = 0; i < 20; i++) rig.Wallet((int)(key % 1_000_000) + 100 + i);
                }
            });
            _thread.Start();
        }

        public long Sent => Interlocked.Read(ref _sent);

        public void Stop()
        {
            _stop = true;
            _thread.Join();
        }
    }
}
