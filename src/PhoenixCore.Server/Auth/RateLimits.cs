namespace PhoenixCore.Server.Auth;

/// <summary>The rates that are set.</summary>
/// <param name="TenantPerSecond">Operations of one tenant per second; 0 = no limit.</param>
/// <param name="KeyPerSecond">Operations of one credential per second; 0 = no limit.</param>
/// <param name="BurstSeconds">Seconds of either that may be saved up.</param>
public sealed record RateLimits(int TenantPerSecond, int KeyPerSecond, int BurstSeconds, TimeProvider Time)
{
    public static readonly RateLimits None = new(0, 0, 1, TimeProvider.System);

    public RateBucket? OfTenant() => Bucket(TenantPerSecond);

    public RateBucket? OfKey() => Bucket(KeyPerSecond);

    private RateBucket? Bucket(int perSecond) => perSecond == 0 ? null : new RateBucket(perSecond, checked(perSecond * BurstSeconds), Time);
}
