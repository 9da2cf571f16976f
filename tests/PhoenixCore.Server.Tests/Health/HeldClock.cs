using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Tests.Health;

/// <summary>Stops whoever asks for the time until it is let go: a shard that recovers asks once it has read its journal.</summary>
internal sealed class HeldClock : IClock
{
    private readonly SystemClock _clock = new();
    private readonly ManualResetEventSlim _go = new();

    public long WallNanoseconds => _clock.WallNanoseconds;

    public long BootNanoseconds
    {
        get
        {
            IsAsked = true;
            _go.Wait();
            return _clock.BootNanoseconds;
        }
    }

    public bool IsAsked { get; private set; }

    public void Go() => _go.Set();
}
