using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>Makes a policy, or the next version of one. Ordinal 0 is <c>pol_default</c>.</summary>
public sealed record PutPolicy(int? Policy, PolicyVersion Version) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"PutPolicy({Policy}, {Version.Describe()})";
}
