using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Server.Edge.History;

/// <summary>A pending reservation as it is now: amounts, expiry and lots may have changed since it was made.</summary>
public sealed record LiveReservation(ReservationView View, IReadOnlyList<HeldLotView> Held);
