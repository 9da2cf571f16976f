using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>Groups that are read from memory are the groups that were written.</summary>
public unsafe class RecentGroupTests
{
    private const int GroupBytes = 4_096;

    [Fact]
    public void What_is_kept_is_found_until_others_need_the_room()
    {
        using var recent = new RecentGroups(8 * GroupBytes);
        for (var i = 0; i < 20; i++)
        {
            Keep(recent, i);
            for (var back = 0; back < 20; back++)
            {
                var found = recent.TryPin(1, back * GroupBytes);
                Assert.Equal(back <= i && back > i - 8, found is not null);
                if (found is null) continue;
                Assert.True(IsWhole(found, back));
                found.Unpin();
            }
        }

        Assert.Null(recent.TryPin(2, 19 * GroupBytes));
    }

    [Fact]
    public void What_is_pinned_is_written_around_and_what_is_too_long_is_not_kept()
    {
        using var recent = new RecentGroups(8 * GroupBytes);
        Keep(recent, 0);
        var pinned = recent.TryPin(1, 0)!;
        for (var i = 1; i < 600; i++)
        {
            Keep(recent, i); // the entries come round more than twice, too
            Assert.True(IsWhole(pinned, 0));
        }

        Assert.Null(recent.TryPin(1, 100 * GroupBytes));
        pinned.Unpin();
        Keep(recent, 600, bytes: 3 * GroupBytes);
        Assert.Null(recent.TryPin(1, 600 * GroupBytes));
    }

    [Fact]
    public void Readers_who_hold_on_while_it_ends_keep_what_they_hold()
    {
        var recent = new RecentGroups(8 * GroupBytes);
        Keep(recent, 3);
        var pinned = recent.TryPin(1, 3 * GroupBytes)!;
        recent.Dispose();
        Assert.True(IsWhole(pinned, 3));
        pinned.Unpin();
        GC.KeepAlive(recent);
    }

    /// <summary>Each reader sees each group whole while the writer goes round and round.</summary>
    [Fact]
    public void Many_readers_and_a_writer()
    {
        using var recent = new RecentGroups(16 * GroupBytes);
        var last = 0;
        var torn = 0;
        var hits = 0;
        var readers = Enumerable.Range(0, 3).Select(reader => new Thread(() =>
        {
            var random = new Random(reader);
            while (Volatile.Read(ref last) < 20_000)
            {
                var wanted = Math.Max(0, Volatile.Read(ref last) - random.Next(20));
                if (recent.TryPin(1, (long)wanted * GroupBytes) is not { } found) continue;
                Interlocked.Increment(ref hits);
                if (!IsWhole(found, wanted)) Interlocked.Increment(ref torn);
                found.Unpin();
            }
        })).ToArray();
        foreach (var reader in readers) reader.Start();
        for (var i = 1; i <= 20_000; i++)
        {
            Keep(recent, i);
            Volatile.Write(ref last, i);
        }

        foreach (var reader in readers) reader.Join();
        Assert.Equal(0, torn);
        Assert.NotEqual(0, hits);
    }

    [Theory]
    [InlineData(64 << 10)]
    [InlineData(1 << 20)]
    public void A_cursor_that_reads_on_sees_the_same_from_memory_as_from_the_file(int bytes)
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small() with { RecentBytes = bytes });
        using var records = journal.Reader.OpenCursor(1);
        using var groups = journal.Reader.OpenCursor(1);
        using var late = journal.Reader.OpenCursor(1);
        var (next, nextOfGroup) = (1UL, 1UL);
        for (var group = 0; group < 60; group++)
        {
            TestJournal.Commit(journal, 1 + (group * 7 % 40));
            journal.RunMaintenance();
            for (; records.MoveNext(); next++) Assert.Null(TestJournal.Check(records.Header, records.Payload, next));
            Assert.Throws<InvalidOperationException>(() => records.Header);
            Assert.True(groups.MoveNextGroup());
            Assert.Equal(nextOfGroup, groups.GroupFirstSequence);
            fixed (byte* first = groups.GroupRecords) Assert.Equal(nextOfGroup, ((RecordHeader*)first)->Sequence);
            nextOfGroup += (ulong)groups.GroupCount;
        }

        Assert.Equal(journal.LastSequence + 1, next);
        Assert.Equal(next, nextOfGroup);
        for (next = 1; late.MoveNext(); next++) Assert.Null(TestJournal.Check(late.Header, late.Payload, next));
        Assert.Equal(journal.LastSequence + 1, next);
    }

    /// <summary>Memory is what a reader gets: what is changed in the file behind its back is not noticed by those who read on.</summary>
    [Fact]
    public void The_newest_group_is_not_fetched_from_its_segment()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small() with { RecentBytes = 1 << 20 });
        TestJournal.Commit(journal, 3);
        using var cursor = journal.Reader.OpenCursor(1);
        while (cursor.MoveNext())
        {
        }

        TestJournal.Commit(journal, 3);
        var segment = storage.Names.Single(name => name.EndsWith(".segment", StringComparison.Ordinal) && storage.Raw(name)[Page.Size..].ContainsAnyExcept((byte)0));
        storage.Damage(segment, 2 * Page.Size, new byte[GroupHeader.Size]);
        Assert.True(cursor.MoveNext());
        Assert.Null(TestJournal.Check(cursor.Header, cursor.Payload, 4));
    }

    private static void Keep(RecentGroups recent, int number, int bytes = GroupBytes)
    {
        var group = new byte[bytes];
        Array.Fill(group, (byte)(number % 251));
        fixed (byte* memory = group) recent.Keep(1, (long)number * GroupBytes, memory, bytes);
    }

    private static bool IsWhole(RecentGroup found, int number) => !new ReadOnlySpan<byte>(found.Memory, GroupBytes).ContainsAnyExcept((byte)(number % 251));
}
