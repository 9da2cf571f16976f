namespace PhoenixCore.Model;

/// <summary>Expires everything that is due. Carries no key and no deadline.</summary>
public sealed record Sweep() : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => "Sweep()";
}
