namespace PhoenixCore.Sequencer.Tests;

/// <summary>The strategies by name, so that one suite runs for each.</summary>
internal static class WaitStrategies
{
    public const string Blocking = "blocking";
    public const string BlockingAtOnce = "blocking without spinning";
    public const string Yielding = "yielding";
    public const string Spinning = "spinning";

    public static readonly string[] Names = [Blocking, BlockingAtOnce, Yielding, Spinning];

    public static IWaitStrategy Create(string name) => name switch
    {
        Blocking => new BlockingWait(),
        BlockingAtOnce => new BlockingWait(spinMicroseconds: 0),
        Yielding => new YieldingWait(),
        Spinning => new SpinningWait(),
        _ => throw new ArgumentException(name),
    };
}
