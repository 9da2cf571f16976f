namespace PhoenixCore.Server.Auth;

/// <summary>How a bucket stands after a call.</summary>
/// <param name="Limit">Operations in a full bucket.</param>
/// <param name="Remaining">Operations left in it.</param>
/// <param name="FullIn">Until it is full again.</param>
/// <param name="RetryIn">Until it lets a call in; zero when it did.</param>
public readonly record struct RateState(bool IsAdmitted, int Limit, int Remaining, TimeSpan FullIn, TimeSpan RetryIn);
