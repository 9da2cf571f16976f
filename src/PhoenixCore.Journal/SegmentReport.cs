namespace PhoenixCore.Journal;

/// <summary>What one segment's file holds by itself.</summary>
/// <param name="Shard">Whose it is; null when its first page is not readable.</param>
/// <param name="FileBytes">Of the file.</param>
/// <param name="PreparedBytes">That it was made with; a sealed one is shorter.</param>
/// <param name="Whole">Up to the last whole group; every record up to there was checked.</param>
/// <param name="Attested">Up to the last group that a later one says was durable. In the last segment of a running server only this is certain to be durable.</param>
/// <param name="Ending">What stands behind the last whole group.</param>
/// <param name="StrayAt">First byte that is set where only zeros were ever written: in the first page, between groups, or behind the last one; null = none is.</param>
/// <param name="UpTo">Up to the last group that ends at or before the sequence that was asked for.</param>
public sealed record SegmentReport(string Name, ulong Number, Guid? Shard, long FileBytes, long PreparedBytes, SegmentExtent Whole, SegmentExtent Attested, SegmentEnding Ending, long? StrayAt = null, SegmentExtent UpTo = default);
