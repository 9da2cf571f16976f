using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>Burns units into <c>system:consumption</c>. Asset null: to be resolved.</summary>
public sealed record CreateDebit(string Wallet, BigInteger Amount, string? Asset, Selection Selection) : ModelCommand
{
    /// <summary>What it tells policies.</summary>
    public PolicyInput Input { get; init; } = PolicyInput.None;

    /// <inheritdoc/>
    public override string Describe() => $"CreateDebit({Wallet}, {Amount} {Asset}, {Selection.Describe()}){Input.Describe()}";
}
