namespace PhoenixCore.Shard.Shadow;

/// <summary>An account of which the shadow and the ledger think differently. Amounts in smallest units.</summary>
/// <param name="Sequence">Of the fact, or the last one that the live row had seen.</param>
/// <param name="AgreedAt">Sequence at which both were last seen to be equal; 0 = since the start of the process.</param>
/// <param name="Wallet">Its number.</param>
/// <param name="Asset">Its handle.</param>
/// <param name="Expected">What the shadow has.</param>
/// <param name="Found">What the fact or the live row has.</param>
/// <param name="Replay">The account's postings from <paramref name="AgreedAt"/> on, in order: what it takes to see it again.</param>
public sealed record ShadowMismatch(
    ShadowFlaw Flaw, ulong Sequence, ulong AgreedAt, uint Tenant, ulong Wallet, int Asset, ShadowBalance Expected, ShadowBalance Found, IReadOnlyList<ShadowStep> Replay);

/// <summary>What an account holds, in smallest units.</summary>
public readonly record struct ShadowBalance(Int128 Available, Int128 Reserved);

/// <summary>One change of an account, as a fact says it.</summary>
/// <param name="Amount">Negative when it leaves.</param>
/// <param name="IsReserved">Of the reserved column.</param>
/// <param name="After">The column's balance after it, as the fact has it.</param>
public readonly record struct ShadowStep(ulong Sequence, Int128 Amount, bool IsReserved, Int128 After);
