using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Tenants;

/// <param name="Sequence">Of the fact; of a repetition, the original's.</param>
internal readonly record struct AdminOutcome(LedgerResult Result, ulong Sequence, bool IsDuplicate);
