using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>One account as seen from outside. Floor null: none (system wallets). Lifetime stops growing at 10^38 − 1.</summary>
public sealed record Balance(
    string Wallet, string Asset, BigInteger Available, BigInteger Reserved, BigInteger Lifetime, BigInteger? Floor, BigInteger? Ceiling);
