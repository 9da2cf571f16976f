namespace PhoenixCore.Tools.Tests;

/// <summary>A small size for every build, a large one on request.</summary>
internal static class TestSize
{
    public static int Scale(int usual, int nightly) => Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? nightly : usual;
}
