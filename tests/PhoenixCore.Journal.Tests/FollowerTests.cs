using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>A copy that frames the leader's runs in its own way reaches the same chain.</summary>
public class FollowerTests
{
    [Fact]
    public void Whatever_the_frames_the_chain_is_the_same()
    {
        var leader = LeaderWith(groups: 30);
        for (var seed = 0; seed < 20; seed++)
        {
            var storage = new SimulatedStorage();
            using (var follower = Journal.Open(storage, Follower()))
            {
                Ship(leader, follower, new Random(seed));
                Assert.Equal(leader.Position, follower.Position);
            }
            var visitor = new CheckingVisitor();
            var report = Journal.Inspect(storage, Follower(), visitor);
            Assert.Equal(leader.LastSequence, visitor.LastSequence);
            Assert.Equal(leader.Position.Chain, report.Chain);
        }
    }

    [Fact]
    public void A_follower_does_not_raise_the_epoch_but_its_promotion_does()
    {
        var leader = LeaderWith(groups: 3);
        var storage = new SimulatedStorage();
        for (var i = 0; i < 3; i++)
        {
            using var follower = Journal.Open(storage, Follower());
            if (i == 0)
                Ship(leader, follower, new Random(1));
            Assert.Equal(i == 0 ? 0UL : 1UL, follower.Epoch);
        }
        using var promoted = Journal.Open(storage, TestJournal.Small());
        Assert.Equal(2UL, promoted.Epoch);
        TestJournal.Commit(promoted, 1);
    }

    [Fact]
    public void A_follower_leads_from_one_record_to_the_next_in_an_epoch_that_is_durable_first()
    {
        var leader = LeaderWith(groups: 3);
        var storage = new SimulatedStorage();
        using (var follower = Journal.Open(storage, Follower() with { ShowsCommittedOnly = true }))
        {
            Ship(leader, follower, new Random(1));
            Assert.Equal((0UL, leader.LastSequence), (follower.Reader.LastSequence, follower.Durable.LastSequence));
            follower.Show(5);
            Assert.Equal(5UL, follower.Reader.LastSequence);
            follower.Show(3);
            Assert.Equal(5UL, follower.Reader.LastSequence);
            follower.Lead(9);
            Assert.Equal((9UL, false), (follower.Epoch, follower.Follows));
            TestJournal.Commit(follower, 4);
            Assert.Equal(leader.LastSequence + 4, follower.Durable.LastSequence);
        }

        Assert.Equal(9UL, Journal.Inspect(storage, TestJournal.Small()).Epoch);
    }

    [Fact]
    public void A_tail_is_cut_behind_any_group_into_quarantine_and_the_journal_goes_on_from_there()
    {
        var leader = LeaderWith(groups: 40);
        var ends = new List<(ulong Sequence, ChainValue Chain)> { (0, default) };
        using (var cursor = leader.Reader.OpenCursor(1))
        {
            while (cursor.MoveNextGroup())
                ends.Add((cursor.GroupFirstSequence + (ulong)cursor.GroupCount - 1, cursor.ChainAfter));
        }
        leader.Dispose();
        foreach (var (after, chain) in ends)
        {
            var storage = new SimulatedStorage();
            using (var copy = LeaderWith(groups: 40, storage))
            {
            }
            var cut = JournalTail.Cut(storage, TestJournal.Shard, after);
            Assert.Equal(ends[^1].Sequence - after, cut.Records);
            Assert.All(cut.Files, name => Assert.True(storage.Has(name)));
            Assert.Equal(after != ends[^1].Sequence, cut.Bytes > 0);
            Assert.Equal(0UL, JournalTail.Cut(storage, TestJournal.Shard, after).Records);
            using var again = Journal.Open(storage, TestJournal.Small());
            Assert.Equal(after, again.LastSequence);
            if (after != 0)
                Assert.Equal(chain, again.Position.Chain);
            TestJournal.Commit(again, 3);
            again.RunMaintenance();
            using var records = again.Reader.OpenCursor(1);
            var count = 0UL;
            while (records.MoveNext())
                count++;
            Assert.Equal(after + 3, count);
        }
    }

    [Fact]
    public void A_tail_is_not_cut_in_the_middle_of_a_group()
    {
        var storage = new SimulatedStorage();
        LeaderWith(groups: 3, storage).Dispose(); // of 1, 14 and 27 records
        var files = storage.List().Order().ToArray();
        Assert.Throws<InvalidOperationException>(() => JournalTail.Cut(storage, TestJournal.Shard, 7));
        Assert.Equal(files, storage.List().Order());
    }

    [Fact]
    public void A_flipped_bit_or_another_history_is_divergence_and_writes_nothing()
    {
        var leader = LeaderWith(groups: 3);
        var storage = new SimulatedStorage();
        using var follower = Journal.Open(storage, Follower());
        using var cursor = leader.Reader.OpenCursor(1);
        Assert.True(cursor.MoveNextGroup());
        using var group = new GroupBuffer(16 << 10);
        Copy(cursor, group);
        var writes = storage.CountOf("fdatasync");

        Flip(group, 77);
        Assert.Throws<JournalDivergedException>(() => follower.CommitReceived(group, cursor.ChainAfter));
        Flip(group, 77);
        Assert.Throws<JournalDivergedException>(() => follower.CommitReceived(group, cursor.ChainBefore));
        Assert.Equal(writes, storage.CountOf("fdatasync"));
        follower.CommitReceived(group, cursor.ChainAfter);
        Assert.Throws<JournalDivergedException>(() => follower.CommitReceived(group, cursor.ChainAfter));
        Assert.Equal(cursor.ChainAfter, follower.Position.Chain);
    }

    private static JournalOptions Follower() => new()
    {
        ShardId = TestJournal.Shard,
        SegmentBytesMin = 64 << 10,
        SegmentBytesMax = 64 << 10,
        GroupBytesMax = 32 << 10,
        SparesAhead = 1,
        OwnThreads = false,
        Follower = true,
    };

    private static Journal LeaderWith(int groups, SimulatedStorage? storage = null)
    {
        var journal = Journal.Open(storage ?? new SimulatedStorage(), TestJournal.Small());
        for (var i = 0; i < groups; i++)
        {
            TestJournal.Commit(journal, 1 + (i * 13 % 40));
            journal.RunMaintenance();
        }
        return journal;
    }

    /// <summary>Sends the leader's groups, one or several at a time.</summary>
    private static void Ship(Journal leader, Journal follower, Random random)
    {
        using var cursor = leader.Reader.OpenCursor(1);
        using var group = new GroupBuffer(32 << 10);
        ChainValue after = default;
        while (cursor.MoveNextGroup())
        {
            if (group.Count != 0 && (cursor.GroupRecords.Length > group.Remaining || random.Next(2) == 0))
                Send();
            Copy(cursor, group);
            after = cursor.ChainAfter;
        }
        Send();

        void Send()
        {
            follower.CommitReceived(group, after);
            follower.RunMaintenance();
            group.Clear();
        }
    }

    private static unsafe void Copy(JournalCursor cursor, GroupBuffer group)
    {
        var records = cursor.GroupRecords;
        records.CopyTo(new Span<byte>(group.Tail, group.Remaining));
        var sequence = cursor.GroupFirstSequence;
        for (var left = cursor.GroupCount; left > 0; left--)
            group.Advance((int)((RecordHeader*)group.Tail)->Length, sequence++);
    }

    private static unsafe void Flip(GroupBuffer group, int at) => group.RecordsStart[at] ^= 2;
}
