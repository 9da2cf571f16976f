namespace PhoenixCore.Server.Rest;

/// <summary>Bounds the wait for a place in a full queue with tokens that many requests share: a timer for each would cost more than the wait.</summary>
internal sealed class Patience
{
    private const long RenewMilliseconds = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(2_500);

    private readonly Lock _lock = new();
    private CancellationTokenSource _source = new(Longest);
    private long _renewAt = Environment.TickCount64 + RenewMilliseconds;

    /// <summary>Is cancelled two to two and a half seconds from now.</summary>
    public CancellationToken Token
    {
        get
        {
            if (Environment.TickCount64 >= Volatile.Read(ref _renewAt)) Renew();
            return Volatile.Read(ref _source).Token;
        }
    }

    private void Renew()
    {
        lock (_lock)
        {
            if (Environment.TickCount64 < _renewAt) return;
            Volatile.Write(ref _source, new CancellationTokenSource(Longest)); // the old one ends by its timer
            Volatile.Write(ref _renewAt, Environment.TickCount64 + RenewMilliseconds);
        }
    }
}
