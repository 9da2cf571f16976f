using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Books;

/// <summary>What makes a counter another one. Policy null: a restriction of the lot. PerLot: the scope as it is written. Wallet or lot: the owner.</summary>
internal sealed record CounterName(int? Policy, string Rule, bool Count, LimitWindow Window, long Duration, bool PerLot, string? Wallet, int? Lot, string Asset);
