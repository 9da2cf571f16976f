namespace PhoenixCore.Model;

/// <summary>Terms of a lot. ExpiresAt in unix nanoseconds, null: never. Attributes (restrictions included) are one opaque tag, null: none.</summary>
public sealed record Terms(long? ExpiresAt, string? Attributes)
{
    /// <summary>No expiry, no attributes.</summary>
    public static Terms Plain { get; } = new(null, null);

    /// <summary>All fields as text.</summary>
    public string Describe() => this == Plain ? "plain" : $"expires={ExpiresAt} attributes={Attributes}";
}
