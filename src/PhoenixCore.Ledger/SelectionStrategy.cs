namespace PhoenixCore.Ledger;

/// <summary>The order in which lots are taken.</summary>
public enum SelectionStrategy : byte
{
    Fifo = 0,
    Lifo = 1,
    ExpiringFirst = 2,

    /// <summary>Exactly the lots of the command's arguments (64-bit numbers), in their order.</summary>
    Specific = 3,

    /// <summary>Fifo because the caller says so: no policy changes the order.</summary>
    ExplicitFifo = 4,
}
