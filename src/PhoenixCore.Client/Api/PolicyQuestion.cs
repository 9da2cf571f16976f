using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>An operation that policies are asked about without doing it.</summary>
public sealed record PolicyQuestion(PolicyOperation Operation, string Wallet, Money Amount)
{
    /// <summary>The other wallet; empty = none.</summary>
    public string Counterparty { get; init; } = "";

    /// <summary>Empty = what the operation has when nothing is said.</summary>
    public string Intent { get; init; } = "";

    /// <summary>JSON object; empty = none.</summary>
    public string ContextJson { get; init; } = "";

    public LotSelection Selection { get; init; }

    /// <summary>For <see cref="LotSelection.Specific"/>.</summary>
    public IReadOnlyList<string> LotIds { get; init; } = [];
}
