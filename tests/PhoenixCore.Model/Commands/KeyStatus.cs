namespace PhoenixCore.Model;

/// <summary>Asks what became of a key; with Close, an unknown key is closed for good. Carries no key of its own.</summary>
public sealed record KeyStatus(string OfKey, bool Close) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"KeyStatus({OfKey}, close={Close})";
}
