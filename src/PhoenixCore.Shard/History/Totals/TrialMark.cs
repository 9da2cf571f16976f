namespace PhoenixCore.Shard.History.Totals;

/// <summary>What was added up so far, to go on from after a restart.</summary>
/// <param name="Through">Sequence of the last fact that counts.</param>
/// <param name="Stamp">Its stamp: a journal that has another fact at that place is another journal.</param>
public sealed record TrialMark(ulong Through, long Stamp, IReadOnlyList<TenantMark> Tenants, IReadOnlyList<SumsMark> Sums);
