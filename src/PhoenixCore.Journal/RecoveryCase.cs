namespace PhoenixCore.Journal;

/// <summary>What recovery found, a row of its table; the value is the letter. A to E start, the others refuse.</summary>
public enum RecoveryCase
{
    /// <summary>The directory held no journal.</summary>
    New = 'A',

    /// <summary>Whole groups, then nothing but zeros.</summary>
    CleanEnd = 'B',

    /// <summary>A torn group at the end of the last used segment that nothing attests: quarantined and cut.</summary>
    TornTail = 'C',

    /// <summary>A torn first group in the next segment that nothing attests: quarantined, the segment made anew.</summary>
    TornSegmentStart = 'D',

    /// <summary>A prepared segment behind the end could not be used; it held no group and was made anew.</summary>
    SpareUnusable = 'E',

    /// <summary>A group is bad, but a later one was composed when it was already durable.</summary>
    AttestedGroupBad = 'F',

    /// <summary>The journal ends before the position that the control slot witnessed as durable.</summary>
    EndBeforeWitness = 'G',

    /// <summary>The journal and the control slot disagree about the chain's value at the same sequence.</summary>
    WitnessDiffers = 'H',

    /// <summary>A segment inside the used range is missing.</summary>
    SegmentMissing = 'I',

    /// <summary>A segment inside the used range has an unreadable header.</summary>
    SegmentHeaderBad = 'J',

    /// <summary>Bytes lie behind the end where no single unfinished write can have put them.</summary>
    StrayBytes = 'K',

    /// <summary>A readable group stands at the end but does not continue the journal.</summary>
    GroupDoesNotFollow = 'L',

    /// <summary>The directory, or a segment in it, belongs to another shard.</summary>
    OtherShard = 'M',

    /// <summary>Written by a newer program.</summary>
    FormatUnknown = 'N',

    /// <summary>The epoch file is missing or unreadable although the journal is not new.</summary>
    EpochLost = 'O',

    /// <summary>The position to replay from is not in the journal, or the chain has another value there.</summary>
    StartNotFound = 'P',

    /// <summary>A group proves itself whole, yet a record in it is malformed: it was written so.</summary>
    RecordMalformed = 'Q',
}
