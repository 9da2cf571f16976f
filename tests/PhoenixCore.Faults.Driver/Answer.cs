using System.Globalization;
using PhoenixCore.Ledger;

namespace PhoenixCore.Faults.Driver;

/// <summary>What a caller was told.</summary>
/// <param name="Sequence">Of the fact that answers (a duplicate: the original's).</param>
/// <param name="VisibleAfter">The last sequence that has to be durable before the answer may be seen.</param>
/// <param name="FactHash">Over the fact's bytes; 0 when the answer has none.</param>
/// <param name="At">CLOCK_MONOTONIC nanoseconds, read after the answer had come.</param>
public readonly record struct Answer(LedgerResult Result, ulong Sequence, ulong VisibleAfter, ulong FactHash, bool Duplicate, long At)
{
    /// <summary>Refused before it was sequenced: not applied, and its key not remembered.</summary>
    public bool IsUnsequenced => Result is LedgerResult.StorageFull or LedgerResult.ClockSuspect;

    public string ToLine(in Operation of) =>
        string.Create(CultureInfo.InvariantCulture, $"< {of.Round} {of.Client} {of.Number} {(int)Result} {Sequence} {VisibleAfter} {FactHash} {(Duplicate ? 1 : 0)} {At}\n");

    /// <param name="fields">Of a line that <see cref="ToLine"/> made, split at its spaces.</param>
    public static Answer Parse(string[] fields)
    {
        var c = CultureInfo.InvariantCulture;
        return new((LedgerResult)int.Parse(fields[4], c), ulong.Parse(fields[5], c), ulong.Parse(fields[6], c), ulong.Parse(fields[7], c), fields[8] == "1", long.Parse(fields[9], c));
    }
}
