namespace PhoenixCore.Faults.Tests.PowerCuts;

/// <summary>A test that boots a kernel and cuts its power: on request only, where user-mode Linux and loop devices can be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PowerCutFactAttribute : FactAttribute
{
    public PowerCutFactAttribute() => Skip = TestSize.IsNightly ? Machine.Missing ?? Shim.Missing : "power cuts run on request: PHOENIX_TEST_SIZE=nightly";
}
