namespace PhoenixCore.Ledger.Ids;

/// <summary>What a public id names; part of the enciphered block, so an id of one kind never passes for another.</summary>
public enum IdKind : byte
{
    None = 0,
    Wallet = 1,
    Lot = 2,
    Reservation = 3,
    Credit = 4,
    Transfer = 5,
    Debit = 6,
    Transaction = 7,
    Entry = 8,
    Event = 9,
    Policy = 10,
    Webhook = 11,
    Delivery = 12,
}
