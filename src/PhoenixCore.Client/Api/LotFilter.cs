using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>Which lots a list shows; those that hold something by default.</summary>
public sealed record LotFilter
{
    /// <summary>Empty = all assets.</summary>
    public string Asset { get; init; } = "";

    public LotStatus Status { get; init; }

    /// <summary>Only those with something available.</summary>
    public bool HasBalance { get; init; }

    public DateTimeOffset? ExpiringBefore { get; init; }

    /// <summary>Members that the attributes must all have, values compared as text.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}
