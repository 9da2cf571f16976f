using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest;

/// <summary>A request on its way through the front, after it was admitted.</summary>
/// <param name="Parameters">The path's parameters, unescaped, in their order.</param>
/// <param name="Key">Idempotency key; null = none was sent.</param>
/// <param name="Deadline">Unix nanoseconds; 0 = none.</param>
internal sealed record RestCall(HttpContext Http, Dialect Dialect, Caller Caller, string[] Parameters, string? Key, long Deadline)
{
    public TenantContext Tenant => Caller.Tenant;

    /// <summary>For what a route's own scope does not cover.</summary>
    public void Require(Scope any)
    {
        if (!Caller.May(any)) throw new RefusedException(ApiResult.Forbidden);
    }

    /// <summary>A query parameter; null when it is not there. Twice is an error.</summary>
    public string? Query(string name)
    {
        var values = Http.Request.Query[name];
        return values.Count > 1 ? throw new ApiErrorException(ApiError.Invalid(name, "is given twice")) : values.Count == 0 ? null : values[0];
    }

    /// <summary>A parameter that may be given several times.</summary>
    public IEnumerable<string> Queries(string name) => Http.Request.Query[name].OfType<string>();

    public bool QuerySwitch(string name) => Query(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new ApiErrorException(ApiError.Invalid(name, "must be true or false")),
    };
}
