namespace PhoenixCore.Sequencer.Tests;

/// <summary>How long the stress tests run: a small size for every build, a large one on request.</summary>
internal static class TestSize
{
    public static bool IsNightly { get; } = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";

    public static int Scale(int usual, int nightly) => IsNightly ? nightly : usual;
}
