using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Burns units into <c>system:consumption</c>. Asset null: to be resolved.</summary>
public sealed record CreateDebit(string Wallet, BigInteger Amount, string? Asset, Selection Selection) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"CreateDebit({Wallet}, {Amount} {Asset}, {Selection.Describe()})";
}
