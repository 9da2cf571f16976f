using Xunit;

namespace PhoenixCore.Wire.Tests;

/// <summary>Measures, so it needs a quiet machine and takes time: only where PHOENIX_TEST_SIZE is nightly.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RateTheoryAttribute : TheoryAttribute
{
    public RateTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") != "nightly") Skip = "measures: set PHOENIX_TEST_SIZE=nightly";
    }
}
