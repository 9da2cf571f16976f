using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Auth;

/// <param name="Refusal">Null = let in.</param>
/// <param name="Rate">Null = no limit is set.</param>
public readonly record struct Admission(ApiResult? Refusal, RateState? Rate);
