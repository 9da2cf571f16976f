namespace PhoenixCore.Server.Edge.History;

/// <summary>As of when; one of the two is given.</summary>
/// <param name="At">Unix nanoseconds: facts stamped then or before count; 0 = not given.</param>
/// <param name="Sequence">The tenant's own event number: the transaction with that event, and all before it, count; 0 = not given.</param>
public readonly record struct BalanceMoment(long At, ulong Sequence);
