namespace PhoenixCore.Shard.History.Totals;

/// <summary>The sums of one asset in a <see cref="TrialMark"/>, by account class, in decimal digits.</summary>
/// <param name="LastBalances">Of the system's accounts.</param>
public sealed record SumsMark(uint Tenant, int Asset, ulong Postings, IReadOnlyList<string> Debits, IReadOnlyList<string> Credits, IReadOnlyList<string> LastBalances);
