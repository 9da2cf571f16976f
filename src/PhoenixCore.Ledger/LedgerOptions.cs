namespace PhoenixCore.Ledger;

/// <summary>Sizes of a ledger's state. They change speed and memory, never outcomes.</summary>
public sealed record LedgerOptions
{
    /// <summary>Wallets the first tables have room for; they double when it is passed (a pause of some 3 ms per million).</summary>
    public int WalletsExpected { get; init; } = 1 << 16;

    /// <summary>Idempotency keys in memory (48 bytes each), a power of two; older ones are looked up in the journal's side indexes.</summary>
    public int HotKeys { get; init; } = 1 << 24;

    /// <summary>2 MiB pages: about 1.6 times as fast with a million wallets; costs 2 MiB per table at least.</summary>
    public bool HugePages { get; init; } = true;

    /// <summary>Rows of each kind that address space is reserved for (not memory).</summary>
    public int RowsMax { get; init; } = 1 << 28;
}
