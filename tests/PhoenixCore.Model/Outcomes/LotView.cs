using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>One live lot as seen from outside. Of a pooled lot, Initial is the account's lifetime.</summary>
public sealed record LotView(
    int Id, BigInteger Available, BigInteger Reserved, BigInteger Initial, long? ExpiresAt, string? Attributes, bool Expired, bool FromTransfer);
