using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Sets the bounds of an account; makes the account when it is missing. Floor and ceiling lie within ±(10^38 − 1); ceiling null: none.</summary>
public sealed record SetBounds(string Wallet, string? Asset, BigInteger Floor, BigInteger? Ceiling) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"SetBounds({Wallet}, {Asset}, floor={Floor}, ceiling={Ceiling})";
}
