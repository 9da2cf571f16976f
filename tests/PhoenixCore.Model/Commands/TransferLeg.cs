using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>One leg of a transfer. Asset null: to be resolved from the <c>From</c> wallet.</summary>
public sealed record TransferLeg(string From, string To, BigInteger Amount, string? Asset, Selection Selection)
{
    /// <summary>All fields as text.</summary>
    public string Describe() => $"{From} -> {To}, {Amount} {Asset}, {Selection.Describe()}";
}
