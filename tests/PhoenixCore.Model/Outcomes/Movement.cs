using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>One posting. Wallets by external id, lots by ordinal; the amount is at least 1.</summary>
public sealed record Movement(
    string FromWallet, Column FromColumn, int FromLot, string ToWallet, Column ToColumn, int ToLot, string Asset, BigInteger Amount);
