using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

// Bodies of the parts that change reservations and lots and undo transactions, as in Bodies.cs. Terms stand last in theirs.

/// <summary>A reservation was incremented, extended, captured or released in part; Held, Captured and Released are its totals afterwards.</summary>
/// <remarks>Amount is that of this change, 0 for an extension. Destination: of a capture; 0 = consumption.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 104)]
public struct ReservationChangedBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public ulong Wallet;
    [FieldOffset(16)] public int Handle;
    [FieldOffset(20)] public int Account;
    [FieldOffset(24)] public long ExpiresAt;
    [FieldOffset(32)] public Int128 Amount;
    [FieldOffset(48)] public Int128 Held;
    [FieldOffset(64)] public Int128 Captured;
    [FieldOffset(80)] public Int128 Released;
    [FieldOffset(96)] public ulong Destination;
}

/// <summary>With nothing held afterwards the reservation is committed. Taken: how much of the amount came from the available column. Returned: what went back at the end.</summary>
[StructLayout(LayoutKind.Explicit, Pack = 8)]
public struct CapturedBody
{
    [FieldOffset(0)] public ReservationChangedBody Change;
    [FieldOffset(104)] public Int128 Returned;
    [FieldOffset(120)] public Int128 Taken;

    /// <summary>1: everything arrived in one new lot with <see cref="Terms"/>.</summary>
    [FieldOffset(136)] public int HasTerms;
    [FieldOffset(144)] public CreditedBody Terms;
}

/// <summary>The lot's terms from now on.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct LotUpdatedBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public int Handle;
    [FieldOffset(12)] public int Account;

    /// <summary>Number that the texts of these terms are found by; what is not in this part's texts is found by <see cref="SourceBefore"/>.</summary>
    [FieldOffset(16)] public ulong Source;

    /// <summary>What the terms before were found by; 0 = they were plain.</summary>
    [FieldOffset(24)] public ulong SourceBefore;

    /// <summary>Sequence of the fact that changed the lot before this one; 0 = none.</summary>
    [FieldOffset(32)] public ulong ChangeBefore;

    /// <summary>Number of the lot's wallet.</summary>
    [FieldOffset(40)] public ulong Wallet;
    [FieldOffset(48)] public int Asset;
    [FieldOffset(56)] public CreditedBody Terms;
}

/// <summary>A credit or transfer was undone as far as Amount; Total is all that was ever undone of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct ReversedBody
{
    /// <summary>Number of the credit or transfer.</summary>
    [FieldOffset(0)] public ulong Original;

    /// <summary>Number of the wallet that gave back.</summary>
    [FieldOffset(8)] public ulong Wallet;

    /// <summary>Number of the wallet that it went back to.</summary>
    [FieldOffset(16)] public ulong Other;
    [FieldOffset(24)] public Int128 Amount;
    [FieldOffset(40)] public Int128 Total;
    [FieldOffset(56)] public int Asset;
}
