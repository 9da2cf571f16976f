namespace PhoenixCore.Faults.Tests;

/// <inheritdoc cref="ShimFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShimTheoryAttribute : TheoryAttribute
{
    public ShimTheoryAttribute() => Skip = Shim.Missing;
}
