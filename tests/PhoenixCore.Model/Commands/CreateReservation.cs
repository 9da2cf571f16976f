using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>Sets units aside. ExpiresAt in unix nanoseconds; null: stamp + 15 minutes.</summary>
public sealed record CreateReservation(string Wallet, BigInteger Amount, string? Asset, long? ExpiresAt, Selection Selection) : ModelCommand
{
    /// <summary>What it tells policies.</summary>
    public PolicyInput Input { get; init; } = PolicyInput.None;

    /// <inheritdoc/>
    public override string Describe() => $"CreateReservation({Wallet}, {Amount} {Asset}, expires={ExpiresAt}, {Selection.Describe()}){Input.Describe()}";
}
