namespace PhoenixCore.Model.Scripts;

/// <summary>One command and the stamp (unix nanoseconds) it is given. Dropping steps from a script leaves a valid script: stamps still never decrease.</summary>
public sealed record ScriptStep(ModelCommand Command, long Stamp)
{
    /// <inheritdoc/>
    public override string ToString() => $"@{Stamp} {Command}";
}
