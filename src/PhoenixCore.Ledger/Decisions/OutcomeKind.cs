namespace PhoenixCore.Ledger.Decisions;

public enum OutcomeKind
{
    /// <summary>A fact was written: append and apply it; it answers the command (accepted, or refused and remembered).</summary>
    Fact,

    /// <summary>A fact was written that has to come first (something was due, a currency had to exist): append and apply it, then decide again.</summary>
    FactFirst,

    /// <summary>Refused; nothing to append.</summary>
    Refused,

    /// <summary>The key's original answer stands in the fact <see cref="Outcome.OriginalSequence"/>.</summary>
    Duplicate,

    /// <summary>A read: nothing changes, the answer is in the state.</summary>
    Read,

    /// <summary>The cold key search did not reach far enough: search up to <see cref="Outcome.OriginalSequence"/> and claim again.</summary>
    SearchColdKeys,
}
