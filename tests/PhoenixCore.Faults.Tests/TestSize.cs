namespace PhoenixCore.Faults.Tests;

/// <summary>How many rounds are run: a small number for every build, a large one on request.</summary>
internal static class TestSize
{
    public static bool IsNightly { get; } = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";

    /// <summary>Of every random choice; another one with PHOENIX_TEST_SEED.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("PHOENIX_TEST_SEED"), out var seed) ? seed : 20_261;

    /// <summary>Instead of both numbers; null = PHOENIX_TEST_ROUNDS is not given.</summary>
    public static int? Rounds { get; } = int.TryParse(Environment.GetEnvironmentVariable("PHOENIX_TEST_ROUNDS"), out var rounds) ? rounds : null;

    public static int Scale(int usual, int nightly) => Rounds ?? (IsNightly ? nightly : usual);
}
