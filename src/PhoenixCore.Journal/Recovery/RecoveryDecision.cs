using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Slots;

namespace PhoenixCore.Journal.Recovery;

/// <summary>The recovery table: from what was seen to a letter. Reads nothing, writes nothing.</summary>
/// <remarks>
/// One group is in flight at a time, so a crash leaves at most one torn group: right behind the last whole one, or at the start of the next
/// segment. Whatever else is found was durable once, or does not belong here; then recovery refuses. See ADR 0004.
/// </remarks>
internal static class RecoveryDecision
{
    /// <returns>A case that starts.</returns>
    /// <exception cref="JournalDamagedException">Every other case.</exception>
    public static (RecoveryCase Case, string Explanation) Judge(ScanOutcome seen, ControlSlot? witness, JournalOptions options)
    {
        RefuseForeign(seen);
        RefuseUnreadableOrder(seen);
        RefuseWhatWitnessesContradict(seen, witness, options.ShardId);
        RefuseWrongStart(seen, options.ReplayAfter ?? default);
        RefuseStrayBytes(seen);
        return Accept(seen, options);
    }

    private static void RefuseForeign(ScanOutcome seen)
    {
        foreach (var segment in seen.Segments)
        {
            if (segment.Header == SegmentHeaderState.OtherShard)
                throw Damaged(RecoveryCase.OtherShard, segment.File.Number, 0, seen, "the segment's header names another shard.");
            if (segment.Header == SegmentHeaderState.FormatUnknown)
                throw Damaged(RecoveryCase.FormatUnknown, segment.File.Number, 0, seen, "the segment was written in a format that this program does not know.");
        }
    }

    private static void RefuseUnreadableOrder(ScanOutcome seen)
    {
        if (seen.Stop == GroupVerdict.Malformed)
            throw Damaged(RecoveryCase.RecordMalformed, seen.StopSegment, seen.StopOffset, seen,
                "the group has the chain value it claims, but a record in it has a wrong checksum or does not follow: it was written so.");
        if (seen.Stop == GroupVerdict.DoesNotFollow)
            throw Damaged(RecoveryCase.GroupDoesNotFollow, seen.StopSegment, seen.StopOffset, seen,
                "a readable group of this shard stands here but does not continue the journal.");

        var used = seen.Attester?.Segment ?? seen.EndSegment;
        foreach (var segment in seen.Segments)
        {
            if (segment.Header == SegmentHeaderState.Unreadable && (segment.File.Number <= used || segment.IsDirty))
                throw Damaged(RecoveryCase.SegmentHeaderBad, segment.File.Number, 0, seen, "the segment's header is unreadable, and the segment is in use.");
        }
        for (var i = 1; i < seen.Segments.Count; i++)
        {
            var (before, after) = (seen.Segments[i - 1], seen.Segments[i]);
            if (after.File.Number != before.File.Number + 1 && (after.File.Number <= used || after.IsDirty))
                throw Damaged(RecoveryCase.SegmentMissing, before.File.Number + 1, 0, seen,
                    $"segment {before.File.Number + 1} is missing although segment {after.File.Number} is in use.");
        }
        if (seen.Attester is { } later)
            throw Damaged(RecoveryCase.AttestedGroupBad, seen.StopSegment, seen.StopOffset, seen,
                $"group {seen.Group + 1} is not whole here, but group {later.Group} in segment {later.Segment} at byte {later.Offset} "
                + $"was composed when group {later.DurableGroup} was durable.");
    }

    private static void RefuseWhatWitnessesContradict(ScanOutcome seen, ControlSlot? witness, Guid shard)
    {
        if (witness is not { } slot)
            return;
        if (slot.Shard != shard)
            throw Damaged(RecoveryCase.OtherShard, seen.EndSegment, seen.EndOffset, seen, "the control file names another shard.");
        if (slot.Group > seen.Group || slot.Sequence > seen.Sequence)
            throw Damaged(RecoveryCase.EndBeforeWitness, seen.StopSegment, seen.StopOffset, seen,
                $"the journal ends at group {seen.Group}, sequence {seen.Sequence}; the control slot witnessed group {slot.Group}, sequence {slot.Sequence} as durable.");
        if (seen.ChainAtWitness is { } chain && chain != slot.Chain)
            throw Damaged(RecoveryCase.WitnessDiffers, seen.EndSegment, seen.EndOffset, seen,
                $"at sequence {slot.Sequence} the chain is {chain}; the control slot witnessed {slot.Chain}.");
    }

    private static void RefuseWrongStart(ScanOutcome seen, JournalPosition replayAfter)
    {
        if (seen.StartFound && seen.Sequence >= replayAfter.Sequence)
            return;
        var why = seen.StartChain is { } chain
            ? $"the chain is {chain} at sequence {replayAfter.Sequence}, and {replayAfter.Chain} was asked for."
            : $"no run ends at sequence {replayAfter.Sequence}; the journal ends at {seen.Sequence}.";
        throw Damaged(RecoveryCase.StartNotFound, seen.EndSegment, seen.EndOffset, seen, why);
    }

    private static void RefuseStrayBytes(ScanOutcome seen)
    {
        var tornSegment = 0UL;
        foreach (var segment in seen.Segments)
        {
            if (segment.File.Number < seen.EndSegment || !segment.IsDirty)
                continue;
            var reach = segment.ValidEnd + GroupHeader.GroupBytesLimit;
            if (tornSegment != 0 || segment.File.Number > seen.EndSegment + 1 || segment.DirtyTo > reach)
                throw Damaged(RecoveryCase.StrayBytes, segment.File.Number, segment.DirtyFrom, seen,
                    $"bytes {segment.DirtyFrom} to {segment.DirtyTo} are not zero, further from the journal's end than one unfinished group reaches.");
            tornSegment = segment.File.Number;
        }
    }

    private static (RecoveryCase, string) Accept(ScanOutcome seen, JournalOptions options)
    {
        var end = $"group {seen.Group}, sequence {seen.Sequence}";
        var torn = seen.Segments.Find(segment => segment.File.Number >= seen.EndSegment && segment.IsDirty);
        if (torn is not null && torn.File.Number == seen.EndSegment)
            return (RecoveryCase.TornTail, $"the journal ends with {end}; an unfinished group behind it, attested by nothing, is cut.");
        if (torn is not null)
            return (RecoveryCase.TornSegmentStart, $"the journal ends with {end}; an unfinished first group of segment {torn.File.Number}, attested by nothing, is cut.");
        if (seen.Segments.Exists(segment => segment.File.Number > seen.EndSegment && !IsUsableSpare(seen, segment, options)))
            return (RecoveryCase.SpareUnusable, $"the journal ends with {end}; a prepared segment behind it is unusable and is made anew.");
        return (RecoveryCase.CleanEnd, $"the journal ends with {end}, and nothing is behind it.");
    }

    /// <summary>Whether a segment behind the end can take groups as it is.</summary>
    public static bool IsUsableSpare(ScanOutcome seen, SegmentFinding segment, JournalOptions options)
    {
        var unbroken = seen.Segments.Exists(other => other.File.Number == segment.File.Number - 1) || segment.File.Number == seen.EndSegment;
        return unbroken
            && segment is { Header: SegmentHeaderState.Good, HasGroups: false, IsDirty: false }
            && segment.PreparedBytes == segment.File.Length
            && segment.PreparedBytes >= options.GroupBytesMax + Page.Size;
    }

    private static JournalDamagedException Damaged(RecoveryCase found, ulong segment, long offset, ScanOutcome seen, string explanation) =>
        new(found, segment, offset, seen.Sequence + 1, explanation);
}
