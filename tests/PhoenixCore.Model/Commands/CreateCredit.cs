using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>Issues units from <c>system:liability</c>. Asset null: to be resolved.</summary>
public sealed record CreateCredit(string Wallet, BigInteger Amount, string? Asset, Terms Terms) : ModelCommand
{
    /// <summary>The lot that it adds to; null: a new one.</summary>
    public int? Lot { get; init; }

    /// <summary>What it tells policies.</summary>
    public PolicyInput Input { get; init; } = PolicyInput.None;

    /// <summary>The policy of its lot; null: the asset's.</summary>
    public int? Policy { get; init; }

    /// <inheritdoc/>
    public override string Describe() => $"CreateCredit({Wallet}, {Amount} {Asset}, {Terms.Describe()}, lot={Lot}){(Policy is null ? "" : $" policy={Policy}")}{Input.Describe()}";
}
