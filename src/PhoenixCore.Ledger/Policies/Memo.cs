using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Policies;

// What the live state keeps of a reservation for its capture and its end: this header, the charges, the intent (padded to 8), the context's values.

[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct MemoHeader
{
    [FieldOffset(0)] public int Charges;
    [FieldOffset(4)] public int IntentBytes;
    [FieldOffset(8)] public int ContextBytes;
}

/// <summary>What a limit counted for it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct ChargeMemo
{
    [FieldOffset(0)] public ulong Rule;
    [FieldOffset(8)] public long WindowStart;

    /// <summary>Handle; a lot's counter may be gone with its lot, so the rule proves it.</summary>
    [FieldOffset(16)] public int Counter;

    /// <summary>Handle of the lot whose slice was counted; 0 = the whole.</summary>
    [FieldOffset(20)] public int Lot;

    /// <summary>Of <see cref="CountedItem"/>.</summary>
    [FieldOffset(24)] public int Flags;

    /// <summary>How often it was counted: with the reservation and with each increment.</summary>
    [FieldOffset(28)] public int Times;
}
