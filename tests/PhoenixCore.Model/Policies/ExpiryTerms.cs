namespace PhoenixCore.Model.Policies;

/// <summary>Ttl and max_ttl: nanoseconds from the credit; at: unix nanoseconds. Null: not given.</summary>
public sealed record ExpiryTerms(long? Ttl = null, long? At = null, long? MaxTtl = null);
