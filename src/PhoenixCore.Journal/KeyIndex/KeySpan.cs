namespace PhoenixCore.Journal.KeyIndex;

/// <summary>Which records' keys a run or a tail holds.</summary>
/// <param name="First">First sequence.</param>
/// <param name="Last">Last sequence.</param>
/// <param name="FirstStampedAt">Unix nanoseconds, not after the first record's stamp.</param>
/// <param name="LastStampedAt">Not before the last record's stamp.</param>
internal readonly record struct KeySpan(ulong First, ulong Last, long FirstStampedAt, long LastStampedAt);
