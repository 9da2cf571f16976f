namespace PhoenixCore.Server.Auth;

/// <summary>A key or token in use. Any thread.</summary>
public sealed class Credential
{
    private readonly Credential? _parent;
    private long _endsAt; // ticks, UTC
    private long _lastUsedHour; // hours since year one, UTC

    /// <param name="endsAt">Null = never.</param>
    /// <param name="parent">The key that a token was issued to: the token ends with it at the latest.</param>
    public Credential(Caller caller, byte[] hash, DateTimeOffset? endsAt, DateTimeOffset? lastUsedAt, Credential? parent = null)
    {
        (Caller, Hash, _parent) = (caller, hash, parent);
        _lastUsedHour = (lastUsedAt?.UtcTicks ?? 0) / TimeSpan.TicksPerHour;
        EndAt(endsAt);
    }

    public Caller Caller { get; }

    /// <summary>SHA-256 of its text.</summary>
    public byte[] Hash { get; }

    /// <summary>To the hour; null = never.</summary>
    public DateTimeOffset? LastUsedAt => Volatile.Read(ref _lastUsedHour) is > 0 and var hour ? new DateTimeOffset(hour * TimeSpan.TicksPerHour, TimeSpan.Zero) : null;

    /// <summary>Holds at once, also for connections that have shown the key before.</summary>
    public void EndAt(DateTimeOffset? time) => Volatile.Write(ref _endsAt, time?.UtcTicks ?? long.MaxValue);

    public bool HasEnded(DateTimeOffset now) => Volatile.Read(ref _endsAt) <= now.UtcTicks || _parent?.HasEnded(now) == true;

    /// <summary>False once it has ended; otherwise the use is noted.</summary>
    public bool TryUse(DateTimeOffset now)
    {
        if (Volatile.Read(ref _endsAt) <= now.UtcTicks || _parent?.TryUse(now) == false) return false;
        var hour = now.UtcTicks / TimeSpan.TicksPerHour;
        if (Volatile.Read(ref _lastUsedHour) < hour) Volatile.Write(ref _lastUsedHour, hour);
        return true;
    }
}
