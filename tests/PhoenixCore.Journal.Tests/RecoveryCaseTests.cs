using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>One test for each letter of the recovery table.</summary>
public class RecoveryCaseTests
{
    private const string First = "000000000001.segment";
    private const string Second = "000000000002.segment";
    private const int GroupAt = 4096;

    [Fact]
    public void A_an_empty_directory_becomes_a_journal()
    {
        using var journal = Journal.Open(new SimulatedStorage(), TestJournal.Small());
        Assert.Equal('A', journal.Recovery.Letter);
        Assert.Equal(1UL, journal.Epoch);
        Assert.Equal(0UL, journal.LastSequence);
    }

    [Fact]
    public void B_whole_groups_and_then_zeros_are_a_clean_end()
    {
        var report = Journal.Inspect(Written(groups: 3), TestJournal.Small());
        Assert.Equal('B', report.Letter);
        Assert.Equal(30UL, report.LastSequence);
        Assert.Equal(0, report.CutBytes);
    }

    [Fact]
    public void C_a_torn_tail_that_nothing_attests_is_quarantined_and_cut()
    {
        var storage = Written(groups: 3, close: false);
        storage.Remove("control");
        var torn = GroupStarts(storage, First)[2];
        storage.Raw(First)[torn + 700] ^= 1;
        var bytes = storage.Raw(First).Slice(torn, 4096).ToArray();

        var used = storage.Restart();
        using var journal = Journal.Open(used, TestJournal.Small());
        Assert.Equal('C', journal.Recovery.Letter);
        Assert.Equal(20UL, journal.LastSequence);
        Assert.Equal(4096, journal.Recovery.CutBytes);
        Assert.Equal(bytes, used.Raw(journal.Recovery.QuarantineFile!).ToArray());
        Assert.Equal(torn, used.Raw(First).Length);
    }

    [Fact]
    public void D_a_torn_first_group_of_the_next_segment_is_quarantined_and_the_segment_made_anew()
    {
        var storage = WrittenIntoSecondSegment(out var inFirst);
        storage.Remove("control");
        storage.Raw(Second)[GroupAt + 700] ^= 1;

        var used = storage.Restart();
        var visitor = new CheckingVisitor();
        using var journal = Journal.Open(used, TestJournal.Small(), visitor);
        Assert.Equal('D', journal.Recovery.Letter);
        Assert.Equal(inFirst, visitor.LastSequence);
        Assert.True(used.Has(journal.Recovery.QuarantineFile!));
        TestJournal.Commit(journal, 2);
        // Shorter than the torn one: nothing of that may be left behind it.
        var report = Journal.Inspect(used.Restart(), TestJournal.Small());
        Assert.Equal((RecoveryCase.CleanEnd, inFirst + 2), (report.Case, report.LastSequence));
    }

    [Fact]
    public void E_an_unusable_spare_is_made_anew()
    {
        var storage = Written(groups: 3);
        storage.Raw(Second)[0] ^= 1;
        storage.Raw(Second)[..4096].Clear();
        var used = storage.Restart();
        using var journal = Journal.Open(used, TestJournal.Small());
        Assert.Equal('E', journal.Recovery.Letter);
        TestJournal.Commit(journal, 1);
        Assert.Equal(31UL, Journal.Inspect(used.Restart(), TestJournal.Small()).LastSequence);
    }

    [Fact]
    public void F_a_bad_group_that_a_later_one_attests_is_refused()
    {
        var storage = Written(groups: 3);
        var starts = GroupStarts(storage, First);
        storage.Raw(First)[starts[1] + 700] ^= 1;
        var refused = Refused(storage, RecoveryCase.AttestedGroupBad);
        Assert.Equal((1UL, (long)starts[1], 11UL), (refused.Segment, refused.Offset, refused.Sequence));
    }

    [Fact]
    public void F_a_seal_attests_the_last_group_even_without_the_control_slot()
    {
        var storage = Written(groups: 3);
        storage.Remove("control");
        var starts = GroupStarts(storage, First);
        storage.Raw(First).Slice(starts[2], 4096).Clear();
        Assert.Equal(21UL, Refused(storage, RecoveryCase.AttestedGroupBad).Sequence);
    }

    [Fact]
    public void G_a_journal_that_ends_before_the_witness_is_refused()
    {
        var storage = Written(groups: 3, close: false);
        var last = GroupStarts(storage, First)[2];
        storage.Raw(First)[last..].Clear();
        var refused = Refused(storage, RecoveryCase.EndBeforeWitness);
        Assert.Equal((1UL, (long)last, 21UL), (refused.Segment, refused.Offset, refused.Sequence));
    }

    [Fact]
    public void G_an_empty_directory_with_a_witness_is_refused()
    {
        var storage = Written(groups: 3);
        storage.Remove(First);
        storage.Remove(Second);
        Refused(storage, RecoveryCase.EndBeforeWitness);
    }

    [Fact]
    public void H_a_chain_that_differs_from_the_witness_is_refused()
    {
        var storage = Written(groups: 3);
        var other = new SimulatedStorage();
        using (var journal = Journal.Open(other, TestJournal.Small()))
        {
            for (var i = 0; i < 3; i++)
                TestJournal.Commit(journal, 9 + i);
        }
        storage.Put("control", other.Raw("control"));
        Refused(storage, RecoveryCase.WitnessDiffers);
    }

    [Fact]
    public void I_a_missing_segment_in_the_used_range_is_refused()
    {
        var storage = WrittenIntoThirdSegment();
        storage.Remove(Second);
        Assert.Equal(2UL, Refused(storage, RecoveryCase.SegmentMissing).Segment);

        var beheaded = WrittenIntoThirdSegment();
        beheaded.Remove(First);
        Assert.Equal(1UL, Refused(beheaded, RecoveryCase.SegmentMissing).Segment);
    }

    [Fact]
    public void J_an_unreadable_header_of_a_used_segment_is_refused()
    {
        foreach (var name in new[] { First, Second })
        {
            var storage = WrittenIntoThirdSegment();
            storage.Raw(name)[20] ^= 4;
            Assert.Equal(name == First ? 1UL : 2UL, Refused(storage, RecoveryCase.SegmentHeaderBad).Segment);
        }
    }

    [Fact]
    public void K_bytes_that_no_unfinished_group_can_have_left_are_refused()
    {
        var storage = WrittenIntoSecondSegment(out _);
        storage.Raw(Second)[60_000] = 1;
        storage.Raw("000000000003.segment")[9_000] = 1;
        var refused = Refused(storage, RecoveryCase.StrayBytes);
        Assert.Equal((3UL, 8192L), (refused.Segment, refused.Offset));
    }

    [Fact]
    public void L_a_readable_group_that_does_not_continue_the_journal_is_refused()
    {
        // The same place, numbers and sequences in another history of the same shard: one epoch later.
        var storage = Written(groups: 3);
        var other = new SimulatedStorage();
        Journal.Open(other, TestJournal.Small()).Dispose();
        using (var journal = Journal.Open(other, TestJournal.Small()))
        {
            for (var i = 0; i < 3; i++)
                TestJournal.Commit(journal, 10);
        }
        var (here, there) = (GroupStarts(storage, First), GroupStarts(other, First));
        Assert.Equal(here[1], there[1]);
        other.Raw(First)[there[1]..there[2]].CopyTo(storage.Raw(First)[here[1]..]);
        Assert.Equal(here[1], Refused(storage, RecoveryCase.GroupDoesNotFollow).Offset);
    }

    [Fact]
    public void M_another_shards_directory_is_refused()
    {
        var storage = Written(groups: 3);
        var refused = Assert.Throws<JournalDamagedException>(() => Journal.Inspect(storage, TestJournal.Small(shard: Guid.NewGuid())));
        Assert.Equal(RecoveryCase.OtherShard, refused.Case);
    }

    [Fact]
    public void N_a_newer_format_is_refused()
    {
        var storage = Written(groups: 3);
        storage.Raw(First)[8] = 2;
        Refused(storage, RecoveryCase.FormatUnknown);
    }

    [Fact]
    public void O_a_lost_epoch_file_is_refused_unless_a_floor_is_stated()
    {
        var storage = Written(groups: 3);
        storage.Raw("epoch").Clear();
        Refused(storage, RecoveryCase.EpochLost);
        var options = new JournalOptions
        {
            ShardId = TestJournal.Shard,
            SegmentBytesMin = 32 << 10,
            SegmentBytesMax = 64 << 10,
            GroupBytesMax = 16 << 10,
            OwnThreads = false,
            EpochFloor = 40,
        };
        using var journal = Journal.Open(storage.Restart(), options);
        Assert.Equal(41UL, journal.Epoch);
    }

    [Fact]
    public void P_a_position_that_is_not_in_the_journal_is_refused()
    {
        var storage = Written(groups: 3);
        var chain = Journal.Inspect(storage, TestJournal.Small()).Chain;
        foreach (var position in new[] { new JournalPosition(31, chain), new JournalPosition(25, chain), new JournalPosition(20, chain) })
        {
            var refused = Assert.Throws<JournalDamagedException>(() => Journal.Inspect(storage, TestJournal.Small(replayAfter: position)));
            Assert.Equal(RecoveryCase.StartNotFound, refused.Case);
        }
        Journal.Inspect(storage, TestJournal.Small(replayAfter: new JournalPosition(30, chain)));
    }

    [Fact]
    public void Q_a_group_that_was_written_with_a_malformed_record_is_refused()
    {
        var storage = Written(groups: 1, close: false);
        GroupForger.BreakRecordAndMendGroup(storage.Raw(First)[GroupAt..], TestJournal.Shard);
        Refused(storage, RecoveryCase.RecordMalformed, withWitness: false);
    }

    /// <summary>Each field changed by itself, with the header's checksum made good again: what a misdirected write or a foreign group would show.</summary>
    [Theory]
    [InlineData(16, RecoveryCase.TornTail)] // Shard
    [InlineData(32, RecoveryCase.TornTail)] // Segment
    [InlineData(40, RecoveryCase.TornTail)] // Offset
    [InlineData(48, RecoveryCase.GroupDoesNotFollow)] // Group
    [InlineData(56, RecoveryCase.GroupDoesNotFollow)] // Epoch
    [InlineData(64, RecoveryCase.GroupDoesNotFollow)] // FirstSequence
    [InlineData(96, RecoveryCase.TornTail)] // Bytes
    [InlineData(100, RecoveryCase.TornTail)] // Count
    [InlineData(104, RecoveryCase.RecordMalformed)] // RecordChecksums
    [InlineData(112, RecoveryCase.TornTail)] // ChainAfter
    [InlineData(144, RecoveryCase.GroupDoesNotFollow)] // ChainBefore
    public void A_group_is_not_taken_when_one_field_of_its_header_is_wrong(int at, RecoveryCase expected)
    {
        var storage = Written(groups: 3, close: false);
        storage.Remove("control");
        var group = storage.Raw(First)[GroupStarts(storage, First)[2]..];
        group[at] ^= 1;
        GroupForger.MendHeader(group);
        if (expected == RecoveryCase.TornTail)
            Assert.Equal((expected, 20UL), (Journal.Inspect(storage.Restart(), TestJournal.Small()).Case, Journal.Inspect(storage.Restart(), TestJournal.Small()).LastSequence));
        else
            Assert.Equal(21UL, Refused(storage, expected).Sequence);
    }

    [Fact]
    public void The_epoch_rises_with_every_opening()
    {
        var storage = new SimulatedStorage();
        for (var epoch = 1UL; epoch <= 9; epoch++)
        {
            using var journal = Journal.Open(storage, TestJournal.Small());
            Assert.Equal(epoch, journal.Epoch);
            if (epoch % 2 == 0)
                TestJournal.Commit(journal, 1);
        }
    }

    [Fact]
    public void The_epoch_survives_the_loss_of_the_slot_being_written()
    {
        var storage = new SimulatedStorage();
        for (var i = 0; i < 3; i++)
            Journal.Open(storage, TestJournal.Small()).Dispose();
        foreach (var slot in new[] { 0, 1 })
        {
            var copy = storage.Restart();
            copy.Raw("epoch").Slice(slot * 4096, 4096).Clear();
            using var journal = Journal.Open(copy, TestJournal.Small());
            Assert.InRange(journal.Epoch, 3UL, 4UL);
        }
    }

    private static JournalDamagedException Refused(SimulatedStorage storage, RecoveryCase expected, bool withWitness = true)
    {
        if (!withWitness)
            storage.Remove("control");
        var before = storage.Restart();
        var refused = Assert.Throws<JournalDamagedException>(() => Journal.Open(before, TestJournal.Small()));
        Assert.Equal(expected, refused.Case);
        Assert.Contains($"case {(char)expected}", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Explanation);
        return refused;
    }

    private static SimulatedStorage Written(int groups, bool close = true)
    {
        var storage = new SimulatedStorage();
        var journal = Journal.Open(storage, TestJournal.Small());
        for (var i = 0; i < groups; i++)
            TestJournal.Commit(journal, 10);
        journal.RunMaintenance();
        if (close)
            journal.Dispose();
        return storage;
    }

    /// <summary>Ends with a single group in the second segment; a third is prepared.</summary>
    private static SimulatedStorage WrittenIntoSecondSegment(out ulong inFirst)
    {
        var storage = new SimulatedStorage();
        var journal = Journal.Open(storage, TestJournal.Small());
        inFirst = 0;
        while (journal.Reader.SealedSegments.Count == 0)
        {
            inFirst = journal.LastSequence;
            TestJournal.Commit(journal, 40);
            journal.RunMaintenance();
        }
        return storage;
    }

    private static SimulatedStorage WrittenIntoThirdSegment()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small());
        while (journal.Reader.SealedSegments.Count < 2)
        {
            TestJournal.Commit(journal, 40);
            journal.RunMaintenance();
        }
        return storage;
    }

    private static List<int> GroupStarts(SimulatedStorage storage, string name) => GroupForger.StartsIn(storage.Raw(name));
}
