using System.Diagnostics;
using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.SideIndex;
using PhoenixCore.Journal.Slots;

namespace PhoenixCore.Journal.Recovery;

/// <summary>Reads a journal's directory and decides whether it may start. Writes nothing; <see cref="RecoveryRepair"/> does.</summary>
internal sealed unsafe class JournalRecovery(IJournalStorage storage, JournalOptions options, IRecordVisitor? visitor, RecoveryProgress? progress = null)
{
    public ScanOutcome Outcome { get; private set; } = new();

    /// <summary>Segments in front of the first scanned one: known by name only.</summary>
    public List<SegmentFile> Older { get; } = [];

    /// <summary>Whether the directory has an epoch file.</summary>
    public bool HasEpochFile { get; private set; }

    /// <summary>What <see cref="EpochFile"/> holds; 0 without one.</summary>
    public ulong EpochInFile { get; private set; }

    /// <summary>Scans, replays and judges.</summary>
    /// <exception cref="JournalDamagedException">The journal must not be opened.</exception>
    public RecoveryReport Run(bool wantDirectories)
    {
        var clock = Stopwatch.StartNew();
        var segments = ListSegments();
        var witness = ControlFile.Read(storage);
        var first = SkipToStart(segments);
        progress?.Begin(segments.Sum(segment => segment.Length));
        using var reader = new BlockReader(storage, segments);
        // A segment whose side index says where its records are needs no marks in memory.
        using var scan = new JournalScan(options, first, witness, number => wantDirectories && SegmentIndex.TryDescribe(storage, options.ShardId, number) is null);
        var pipeline = new ReplayPipeline(reader, scan, visitor, progress);
        if (options.OwnThreads && segments.Count > 0)
            pipeline.RunThreaded();
        else
            pipeline.RunInline(segments.Count == 0 ? 0 : segments.Max(segment => segment.Length));
        Outcome = scan.Finish();
        CheckFirstSegment(segments, witness);
        var (found, explanation) = segments.Count == 0 && Older.Count == 0
            ? JudgeEmpty(witness)
            : RecoveryDecision.Judge(Outcome, witness, options);
        ReadEpoch(segments.Count != 0);
        if (witness is null && segments.Count != 0)
            Outcome.Notes.Add("No control slot is readable: the end of the journal has no witness.");
        var epoch = Math.Max(EpochInFile, Outcome.Epoch);
        return new RecoveryReport
        {
            Case = found,
            Explanation = explanation,
            LastSequence = Outcome.Sequence,
            LastStampedAt = Outcome.StampedAt,
            Chain = Outcome.Chain,
            Epoch = epoch,
            EpochFound = epoch,
            EndSegment = Outcome.EndSegment,
            EndOffset = Outcome.EndOffset,
            VisitedRecords = Outcome.VisitedRecords,
            ReadBytes = reader.BytesRead,
            ReplayMilliseconds = clock.Elapsed.TotalMilliseconds,
            Notes = Outcome.Notes,
        };
    }

    private List<SegmentFile> ListSegments()
    {
        var segments = new List<SegmentFile>();
        foreach (var name in storage.List())
        {
            if (!FileNames.TryParseSegment(name, out var number))
                continue;
            using var file = storage.Open(name, JournalFileMode.Read);
            segments.Add(new(number, file.Length));
        }
        segments.Sort((a, b) => a.Number.CompareTo(b.Number));
        return segments;
    }

    /// <summary>Drops the segments that end before the position to replay from.</summary>
    /// <returns>The first group's header of the first segment to scan; null to begin at the very beginning.</returns>
    private GroupHeader? SkipToStart(List<SegmentFile> segments)
    {
        if (options.ReplayAfter is not { Sequence: > 0 } position)
            return null;
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            if (ReadFirstGroup(segments[i].Number) is not { } header || header.FirstSequence > position.Sequence)
                continue;
            Older.AddRange(segments.Take(i));
            segments.RemoveRange(0, i);
            return header;
        }
        return null;
    }

    private GroupHeader? ReadFirstGroup(ulong segment)
    {
        var page = (byte*)NativeMemory.AlignedAlloc(Page.Size, Page.Size);
        try
        {
            using var file = BlockReader.OpenFromDevice(storage, segment);
            if (file.Read(Page.Size, page, Page.Size) < GroupHeader.Size)
                return null;
            return GroupHeader.StandsAt((GroupHeader*)page, options.ShardId, segment, Page.Size) ? *(GroupHeader*)page : null;
        }
        finally
        {
            NativeMemory.AlignedFree(page);
        }
    }

    private void CheckFirstSegment(List<SegmentFile> segments, ControlSlot? witness)
    {
        if (segments.Count == 0 || Older.Count != 0 || segments[0].Number == 1 || Outcome.Group > 0)
            return;
        // A journal whose segments do not begin with 1 can only be read from a position: the start is elsewhere, or gone.
        throw new JournalDamagedException(RecoveryCase.SegmentMissing, 1, 0, 1,
            $"the first segment found is {segments[0].Number}{(witness is { } slot ? $"; sequence {slot.Sequence} was witnessed as durable" : "")}.");
    }

    private (RecoveryCase, string) JudgeEmpty(ControlSlot? witness)
    {
        if (witness is { Group: > 0 } slot)
            throw new JournalDamagedException(RecoveryCase.EndBeforeWitness, 1, 0, 1,
                $"there is no segment; the control slot witnessed group {slot.Group}, sequence {slot.Sequence} as durable.");
        if (options.ReplayAfter is { Sequence: > 0 } position)
            throw new JournalDamagedException(RecoveryCase.StartNotFound, 1, 0, position.Sequence, "there is no segment, so the position to replay from is not here.");
        return (RecoveryCase.New, "the directory holds no journal.");
    }

    private void ReadEpoch(bool hasSegments)
    {
        var file = EpochFile.Read(storage);
        HasEpochFile = file is not null;
        if (file is { } found)
        {
            if (found.Shard != options.ShardId)
                throw new JournalDamagedException(RecoveryCase.OtherShard, Outcome.EndSegment, Outcome.EndOffset, Outcome.Sequence, "the epoch file names another shard.");
            EpochInFile = found.Epoch;
            return;
        }
        // Without it nobody knows which epochs were promised; an operator who does can say so.
        if (hasSegments && options.EpochFloor <= Outcome.Epoch)
            throw new JournalDamagedException(RecoveryCase.EpochLost, Outcome.EndSegment, Outcome.EndOffset, Outcome.Sequence,
                "the epoch file is missing or unreadable; state an epoch floor above every epoch ever used to go on.");
    }
}
