using PhoenixCore.Faults.Driver;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>The disk fills up under load, to the last byte, and gets room again.</summary>
public class DiskFullTests(ITestOutputHelper output)
{
    private const int Mebibytes = 16;
    private const int AtOnce = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [SmallDiskFact]
    public void A_full_disk_refuses_writes_and_answers_reads_and_goes_on_when_there_is_room()
    {
        using var disk = new SmallDisk(Mebibytes);
        var directory = Path.Combine(disk.Path, "data");
        var auditor = new Auditor(directory, WriterKind.Pwrite);
        var rounds = TestSize.Scale(2, 100);
        var (refused, number) = (0, 0);
        using (var shard = Open(directory))
        {
            for (var round = 0; round < rounds; round++)
            {
                disk.Fill();
                refused += WriteUntil(shard, auditor, ref number, LedgerResult.StorageFull);
                Assert.Equal(LedgerResult.StorageFull, shard.Send(Credit(number++)).Result);
                Assert.True(shard.Read(1).Available > 0);
                disk.GiveBack();
                WriteUntil(shard, auditor, ref number, LedgerResult.Accepted);
            }

            auditor.Audit(shard);
        }

        auditor.Audit();
        output.WriteLine($"{rounds} times full: {refused} writes refused, none of them applied; {auditor.AnswersKnown} answers, compared {auditor.AnswersCompared} times, 0 differences");
    }

    [SmallDiskFact]
    public void A_shard_opens_on_a_full_disk_for_reading_and_writes_when_there_is_room()
    {
        using var disk = new SmallDisk(Mebibytes);
        var directory = Path.Combine(disk.Path, "data");
        var auditor = new Auditor(directory, WriterKind.Pwrite);
        var number = 0;
        using (var shard = Open(directory))
        {
            disk.Fill();
            WriteUntil(shard, auditor, ref number, LedgerResult.StorageFull);
        }

        // Closing gives back what segments did not use; each opening needs one more segment, until there is none.
        for (var openings = 0; openings < 8; openings++)
        {
            disk.Fill();
            using var shard = Open(directory);
            Assert.Equal(auditor.AnswersKnown, (int)shard.Read(1).Available);
            WriteUntil(shard, auditor, ref number, LedgerResult.StorageFull);
        }

        using (var shard = Open(directory))
        {
            Assert.Equal(LedgerResult.StorageFull, shard.Send(Credit(number++)).Result);
            disk.GiveBack();
            WriteUntil(shard, auditor, ref number, LedgerResult.Accepted);
            auditor.Audit(shard);
            Assert.Equal(PartKind.EpochStarted, FirstFactOfEpoch(shard));
        }
    }

    [SmallDiskFact]
    public void A_read_on_a_full_disk_shows_what_is_due_as_it_was_and_expires_it_when_there_is_room()
    {
        using var disk = new SmallDisk(Mebibytes);
        var directory = Path.Combine(disk.Path, "data");
        var auditor = new Auditor(directory, WriterKind.Pwrite);
        var number = 0;
        using var shard = Open(directory);
        Assert.Equal(LedgerResult.Accepted, shard.Send(Credit(number++)).Result);
        var due = DateTime.UtcNow.AddSeconds(20);
        var expiresAt = (due - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        Assert.Equal(LedgerResult.Accepted, shard.Send(new Operation(0, 0, number++, OperationKind.Reserve, 1, 0, 1, 0, expiresAt)).Result);
        disk.Fill();
        WriteUntil(shard, auditor, ref number, LedgerResult.StorageFull);
        Assert.True(DateTime.UtcNow < due, "the disk took too long to fill");
        var before = shard.Read(1);
        Assert.Equal(1, before.Reserved);

        Thread.Sleep(due - DateTime.UtcNow + TimeSpan.FromMilliseconds(100));
        Assert.Equal(before, shard.Read(1)); // refused before, because it would have to expire the reservation
        Assert.Equal(LedgerResult.StorageFull, shard.Send(Credit(number++)).Result);
        disk.GiveBack();
        WriteUntil(shard, auditor, ref number, LedgerResult.Accepted);
        Assert.Equal(0, shard.Read(1).Reserved);
    }

    private static PartKind FirstFactOfEpoch(LoadShard shard)
    {
        using var cursor = shard.Shard.History.OpenCursor(1);
        while (cursor.MoveNext())
        {
            if (cursor.Header.Epoch == shard.Shard.Recovery.Epoch) return (PartKind)cursor.Header.PlainKind;
        }

        return PartKind.None;
    }

    private static Operation Credit(int number) => new(0, 0, number, OperationKind.Credit, 1, 0, 1, 0, 0);

    private static LoadShard Open(string directory) => LoadShard.Open(directory, LoadShard.Options(WriterKind.Pwrite), fault => Environment.FailFast("the shard failed", fault.Reason));

    /// <summary>Sends credits until all of one lot get this answer.</summary>
    /// <returns>How many were refused for want of room; they must never be found applied.</returns>
    private static int WriteUntil(LoadShard shard, Auditor auditor, ref int number, LedgerResult wanted)
    {
        var refused = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var transcript = new Transcript();
            var first = number;
            var operations = Enumerable.Range(first, AtOnce).Select(Credit).ToList();
            number += AtOnce;
            var answers = Task.WhenAll(operations.Select(operation => shard.SendAsync(operation))).GetAwaiter().GetResult();
            foreach (var (operation, answer) in operations.Zip(answers))
            {
                Assert.True(answer.Result is LedgerResult.Accepted or LedgerResult.StorageFull, $"{operation} is answered {answer.Result}");
                if (answer.IsUnsequenced) refused++;
                if (answer.IsUnsequenced) continue;
                transcript.Sent.Add(operation);
                transcript.Answers.Add(operation.Key, answer);
            }

            auditor.Hear(transcript);
            if (answers.All(answer => answer.Result == wanted)) return refused;
            Assert.True(clock.Elapsed < Patience, $"writes are not answered {wanted} in time");
        }
    }
}
