using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Issues units from <c>system:liability</c>. Asset null: to be resolved.</summary>
public sealed record CreateCredit(string Wallet, BigInteger Amount, string? Asset, Terms Terms) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"CreateCredit({Wallet}, {Amount} {Asset}, {Terms.Describe()})";
}
