namespace PhoenixCore.Faults.Tests;

/// <summary>A test that needs the shim; skipped, with the reason, where it cannot be built.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShimFactAttribute : FactAttribute
{
    public ShimFactAttribute() => Skip = Shim.Missing;
}
