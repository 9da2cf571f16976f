namespace PhoenixCore.Model;

/// <summary>The order in which lots are walked; creation order is the order of lot ordinals.</summary>
public enum SelectionStrategy
{
    /// <summary>Creation order.</summary>
    Fifo,

    /// <summary>Creation order, reversed.</summary>
    Lifo,

    /// <summary>By expiry, never-expiring last, ties in creation order.</summary>
    ExpiringFirst,

    /// <summary>The given lots in the given order.</summary>
    Specific,

    /// <summary>Creation order because the caller says so: no policy changes it.</summary>
    ExplicitFifo,
}
