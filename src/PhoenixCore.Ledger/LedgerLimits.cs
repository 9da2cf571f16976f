namespace PhoenixCore.Ledger;

/// <summary>Bounds that are part of the format or of the contract.</summary>
public static class LedgerLimits
{
    /// <summary>10^38 − 1: no amount and no column of an account passes it, so a sum of two never leaves Int128.</summary>
    public static readonly Int128 UnitsMax = Int128.Parse("99999999999999999999999999999999999999", System.Globalization.CultureInfo.InvariantCulture);

    public const int ScaleMax = 18;
    public const int LotSlicesMax = 1_024;
    public const int BatchOperationsMax = 1_024;
    public const int TransferLegsMax = 100;

    /// <summary>A fact never spans groups, so the group's buffer bounds it (1 MiB with its header and record headers).</summary>
    public const int FactBytesMax = (1 << 20) - 16_384;

    /// <summary>Room that any single operation (not legs, not a batch) may need: its slices, its texts, its headers.</summary>
    public const int OperationBytesMax = (LotSlicesMax * (Facts.Posting.SizeBytes + CarriedBytes)) + TextBytesMax + (2 * Policies.PolicyLimits.ItemBytesMax) + (256 * ChargedBytes);

    /// <summary>What rules read of all lots that one reversal makes again.</summary>
    public const int ReturnedBytesMax = 512 * 1024;

    /// <summary>What a reversal may want to know: of each slice, and of each of the 256 counts of a reservation at most.</summary>
    private const int CarriedBytes = 48;
    private const int ChargedBytes = 80;

    /// <summary>All texts of one operation; a policy's own source and program may be longer, because it has no postings.</summary>
    public const int TextBytesMax = 12_288;

    /// <summary>What one operation, and one fact, can make of terms and counters: their items have to fit.</summary>
    internal const int TermsOfOperationMax = 1 + 256;
    internal const int TermsOfFactMax = 32_768;
    internal const int CountersOfOperationMax = 256;
    internal const int CountersOfFactMax = 16_384;

    public const int ListRowsMax = 100;

    /// <summary>Nanoseconds.</summary>
    public const long ReservationTtlDefault = 15L * 60 * 1_000_000_000;
    public const long ReservationTtlMax = 30L * 24 * 3600 * 1_000_000_000;
}
