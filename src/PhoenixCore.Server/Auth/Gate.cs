using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Auth;

/// <summary>The one place that lets calls in, for both fronts: credential, tenant, scope, rates, places. Any thread.</summary>
/// <param name="underWayMax">Operations that a tenant may have under way while there are others.</param>
public sealed class Gate(IAuthenticator authenticator, TenantRegistry tenants, int underWayMax)
{
    private long _unauthorized;
    private long _refused;
    private long _overRate;
    private long _overPlaces;

    /// <summary>Calls, and messages of streams, that were not let in since the start.</summary>
    internal IEnumerable<(string Reason, long Count)> Refusals =>
        [("unauthorized", Volatile.Read(ref _unauthorized)), ("forbidden", Volatile.Read(ref _refused)), ("rate", Volatile.Read(ref _overRate)), ("under_way", Volatile.Read(ref _overPlaces))];

    /// <inheritdoc cref="IAuthenticator.Authenticate"/>
    public Caller? Authenticate(string? authorization)
    {
        var caller = authenticator.Authenticate(authorization);
        if (caller is null) Interlocked.Increment(ref _unauthorized);
        return caller;
    }

    /// <summary>What concerns the caller alone, whatever is asked for.</summary>
    public static ApiResult? OfTenant(Caller caller) => caller.Tenant.IsSuspended ? ApiResult.TenantSuspended : null;

    /// <summary>Lets one call in, or says why not. One that was let in has to <see cref="Leave"/>.</summary>
    /// <param name="any">Any one of these scopes suffices.</param>
    public Admission Admit(Caller caller, Scope any)
    {
        if (Refusal(caller, any) is { } refusal) return Refuse(ref _refused, refusal, null);
        var rate = Charge(caller, 1);
        if (rate is { IsAdmitted: false }) return Refuse(ref _overRate, ApiResult.RateLimited, rate);
        return caller.Tenant.Load.TryEnter(1, UnderWayMax) ? new Admission(null, rate) : Refuse(ref _overPlaces, ApiResult.TooManyUnderWay, rate);
    }

    /// <summary>Lets a stream begin; its operations are let in with their messages.</summary>
    public static ApiResult? Refusal(Caller caller, Scope any) => OfTenant(caller) ?? (caller.May(any) ? null : ApiResult.Forbidden);

    /// <summary>Lets the operations of a stream's message in: refuses them over the rate, and waits for their places.</summary>
    /// <exception cref="OperationCanceledException">They were not let in.</exception>
    public async ValueTask<Admission> AdmitAsync(Caller caller, int operations, CancellationToken ct)
    {
        if (OfTenant(caller) is { } refusal) return Refuse(ref _refused, refusal, null);
        var rate = Charge(caller, operations);
        if (rate is { IsAdmitted: false }) return Refuse(ref _overRate, ApiResult.RateLimited, rate);
        await caller.Tenant.Load.EnterAsync(operations, UnderWayMax, ct).ConfigureAwait(false);
        return new Admission(null, rate);
    }

    public static void Leave(Caller caller, int operations = 1) => caller.Tenant.Load.Leave(operations);

    private static Admission Refuse(ref long counter, ApiResult refusal, RateState? rate)
    {
        Interlocked.Increment(ref counter);
        return new Admission(refusal, rate);
    }

    private int UnderWayMax => tenants.Count > 1 ? underWayMax : int.MaxValue;

    /// <summary>The narrower of the two buckets; null when there is none.</summary>
    private static RateState? Charge(Caller caller, int operations)
    {
        var ofKey = caller.Rate?.Take(operations);
        if (caller.Tenant.Load.Rate is not { } bucket || ofKey is { IsAdmitted: false }) return ofKey;
        var ofTenant = bucket.Take(operations);
        return ofKey is { } key && ofTenant.IsAdmitted && key.Remaining <= ofTenant.Remaining ? key : ofTenant;
    }
}
