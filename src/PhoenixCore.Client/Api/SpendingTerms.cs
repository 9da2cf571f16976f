using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>Terms of what takes value out of lots.</summary>
public record SpendingTerms : Terms
{
    /// <summary>Which lots go first; unspecified = oldest first.</summary>
    public LotSelection Selection { get; init; }

    /// <summary>For <see cref="LotSelection.Specific"/>: 1 to 1,024 lots.</summary>
    public IReadOnlyList<string> LotIds { get; init; } = [];
}
