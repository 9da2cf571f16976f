namespace PhoenixCore.Faults.Tests;

/// <summary>A test that takes long and tells nothing new every day: it runs on request, and where the shim can be built.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NightlyFactAttribute : FactAttribute
{
    public NightlyFactAttribute() => Skip = TestSize.IsNightly ? Shim.Missing : "on request: PHOENIX_TEST_SIZE=nightly";
}
