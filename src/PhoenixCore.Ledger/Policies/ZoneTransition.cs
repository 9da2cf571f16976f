namespace PhoenixCore.Ledger.Policies;

/// <summary>From that moment on local time is so far from UTC, until the next transition.</summary>
/// <param name="AtSeconds">Unix seconds; the first of a zone has long.MinValue.</param>
/// <param name="OffsetSeconds">Local minus UTC, within ±18 hours.</param>
public readonly record struct ZoneTransition(long AtSeconds, int OffsetSeconds);
