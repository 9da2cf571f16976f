using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>One leg of a transfer. Asset null: to be resolved from the <c>From</c> wallet.</summary>
public sealed record TransferLeg(string From, string To, BigInteger Amount, string? Asset, Selection Selection)
{
    /// <summary>Terms of the lot that all of it arrives in; null: each slice's own.</summary>
    public Terms? Destination { get; init; }

    /// <summary>The policy of that lot; null: none. Only with <see cref="Destination"/>.</summary>
    public int? DestinationPolicy { get; init; }

    /// <summary>What it tells policies.</summary>
    public PolicyInput Input { get; init; } = PolicyInput.None;

    /// <summary>All fields as text.</summary>
    public string Describe() => $"{From} -> {To}, {Amount} {Asset}, {Selection.Describe()}, into={Destination?.Describe()}{(DestinationPolicy is null ? "" : $" policy={DestinationPolicy}")}{Input.Describe()}";
}
