namespace PhoenixCore.Shard.History.Totals;

/// <summary>A tenant in a <see cref="TrialMark"/>.</summary>
/// <param name="Made">Sequence of the fact that made it.</param>
/// <param name="Event">Its last event that counts.</param>
/// <param name="Stamp">When that was.</param>
public sealed record TenantMark(uint Tenant, ulong Made, ulong Event, long Stamp);
