using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>What all layers are asked. Amount: of the whole operation. Other: the other wallet, where there is one. Context: the first of equal names counts.</summary>
internal sealed record Question(
    PolicyOperation Operation, string Wallet, string Asset, string? Other, BigInteger Amount, string Intent, IReadOnlyList<(string Name, Value Value)> Context)
{
    /// <summary>A capture that was counted when it was set aside.</summary>
    public bool LimitsSilent { get; init; }

    /// <summary>What leaves or enters the wallet's balance, where that is not the amount asked about.</summary>
    public BigInteger? Moved { get; init; }

    /// <summary>The same, asked about another operation.</summary>
    public Question As(PolicyOperation operation) => this with { Operation = operation };

    public static string IntentOf(PolicyInput input, string otherwise) => Words.Intent(input.Intent ?? otherwise);

    /// <summary>Context first, then metadata.</summary>
    public static List<(string Name, Value Value)> ContextOf(PolicyInput input) => [.. input.Context ?? [], .. input.Metadata];
}
