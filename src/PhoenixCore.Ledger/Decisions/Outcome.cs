using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger.Decisions;

/// <summary>What Decide says.</summary>
public struct Outcome
{
    public OutcomeKind Kind;

    /// <summary>Of this command; of the original for a duplicate.</summary>
    public LedgerResult Result;

    /// <summary>Kind for the record's header.</summary>
    public PartKind FactKind;

    /// <summary>Bytes written at the payload; 0 = no fact.</summary>
    public int FactBytes;

    /// <summary>The operation of a batch (or leg) that was refused; −1 = the command itself.</summary>
    public int RefusedIndex;
    public ulong OriginalSequence;

    /// <summary>Refused by a policy without a key: bytes at the payload that say why, in the form of the fact that a key would have made. Not to be appended.</summary>
    public int DetailBytes;

    /// <summary>A question, to be answered from the state.</summary>
    public static Outcome OfRead => new() { Kind = OutcomeKind.Read, RefusedIndex = -1 };
}
