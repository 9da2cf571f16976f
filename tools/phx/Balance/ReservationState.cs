using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Tools.Balance;

/// <summary>An open reservation and the lots it holds.</summary>
internal sealed record ReservationState(ReservationView View, IReadOnlyList<HeldLotView> Slices);
