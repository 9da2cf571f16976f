namespace PhoenixCore.Journal;

/// <summary>A beginning of a segment that ends behind a whole group. Default: there is none.</summary>
/// <param name="End">Byte behind it.</param>
/// <param name="Groups">Empty ones included.</param>
/// <param name="FirstSequence">0 = it holds no record.</param>
/// <param name="LastSequence">0 = it holds no record.</param>
/// <param name="FirstStampedAt">Ledger time of the first record, Unix nanoseconds; 0 = none. The same of the last.</param>
/// <param name="Chain">The chain's value behind it.</param>
public readonly record struct SegmentExtent(long End, long Groups, long Records, ulong FirstSequence, ulong LastSequence, ulong FirstEpoch, ulong LastEpoch, long FirstStampedAt, long LastStampedAt, ChainValue Chain);
