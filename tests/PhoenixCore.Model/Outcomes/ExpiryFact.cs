namespace PhoenixCore.Model;

/// <summary>One expiry, of a reservation or of a lot (the other ordinal is null). A lot with nothing available expires without postings.</summary>
public sealed record ExpiryFact(string Wallet, string Asset, int? Reservation, int? Lot, IReadOnlyList<Movement> Movements, IReadOnlyList<int> LotIds);
