namespace PhoenixCore.Ledger.Policies;

/// <summary>When lots expire by policy. 0 = not given.</summary>
/// <param name="Ttl">Nanoseconds from the credit.</param>
/// <param name="At">Unix nanoseconds.</param>
/// <param name="MaxTtl">Nanoseconds from the credit that no expiry passes.</param>
public readonly record struct ExpiryTerms(long Ttl = 0, long At = 0, long MaxTtl = 0);
