namespace PhoenixCore.Ledger.Policies;

/// <summary>What policies add to a part of a fact; stored, so numbers are added and never reused.</summary>
public enum PolicyItemKind : ushort
{
    None = 0,

    /// <summary>A policy that was asked, at a version.</summary>
    Asked = 1,
    Counted = 2,

    /// <summary>The policy of the lot that a credit makes.</summary>
    LotGoverned = 3,
    Wagered = 4,

    /// <summary>Nothing remains to be wagered: the lot's policy is another now.</summary>
    LotSwitched = 5,

    /// <summary>What a reservation remembers for its capture.</summary>
    Memo = 6,
    Refused = 7,

    /// <summary>Policies of a new wallet.</summary>
    Bound = 8,

    /// <summary>Which policies the lots had that a transfer or capture took from, for a reversal that makes them again. Changes nothing.</summary>
    Carried = 9,

    /// <summary>What a captured reservation was counted for, for a reversal that gives it back: a <see cref="CountedItem"/> without a value. Changes nothing.</summary>
    Charged = 10,
}
