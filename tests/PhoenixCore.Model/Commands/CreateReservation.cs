using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Sets units aside. ExpiresAt in unix nanoseconds; null: stamp + 15 minutes.</summary>
public sealed record CreateReservation(string Wallet, BigInteger Amount, string? Asset, long? ExpiresAt, Selection Selection) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"CreateReservation({Wallet}, {Amount} {Asset}, expires={ExpiresAt}, {Selection.Describe()})";
}
