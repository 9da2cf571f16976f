using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>Makes a policy ACTIVE, DEPRECATED or INACTIVE.</summary>
public sealed record SetPolicyStatus(int Policy, PolicyStatus Status) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"SetPolicyStatus({Policy}, {Status})";
}
