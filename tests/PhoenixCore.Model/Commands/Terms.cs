using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>Terms of a lot. ExpiresAt in unix nanoseconds, null: never. Attributes are one tag (see <see cref="LotAttributes"/>), null: none.</summary>
public sealed record Terms(long? ExpiresAt, string? Attributes)
{
    /// <summary>No expiry, no attributes, no restrictions, no policy.</summary>
    public static Terms Plain { get; } = new(null, null);

    /// <summary>Null: none.</summary>
    public RuleList? Restrictions { get; init; }

    /// <summary>The lot's policy; a command does not give it here. Null: none.</summary>
    public PolicyPin? Pin { get; init; }

    /// <summary>All fields as text.</summary>
    public string Describe() => this == Plain ? "plain" : $"expires={ExpiresAt} attributes={Attributes}{(Restrictions is null ? "" : $" restrictions={Restrictions}")}{(Pin is null ? "" : $" {Pin}")}";
}
