namespace PhoenixCore.Ledger;

public enum ReservationStatus : byte
{
    None = 0,
    Pending = 1,
    Committed = 2,
    Released = 3,
    Expired = 4,
}
