using PhoenixCore.Journal;
using PhoenixCore.Ledger;

namespace PhoenixCore.Tools.Verify;

/// <summary>What a whole verification found.</summary>
/// <param name="BooksFault">Null when the books hold; else what does not.</param>
/// <param name="Strays">Bytes beside the facts that are not as they were written.</param>
/// <param name="Digest">Of the ledger's state; a server with the same facts and key table has the same.</param>
internal sealed record VerifyResult(RecoveryReport Journal, IReadOnlyList<EpochSeen> Epochs, LedgerCounts Counts, string? BooksFault, UInt128 Digest, IReadOnlyList<Stray> Strays)
{
    public double FactsPerSecond => Journal.VisitedRecords / Math.Max(Journal.ReplayMilliseconds / 1_000, 1e-6);

    public int ExitCode => BooksFault is not null ? Tools.ExitCode.InvariantBroken : Strays.Any(stray => stray.IsDamage) ? Tools.ExitCode.DamagedData : Tools.ExitCode.Ok;
}
