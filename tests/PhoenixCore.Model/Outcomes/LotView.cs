using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>One live lot as seen from outside. Of a pooled lot, Initial is the account's lifetime.</summary>
public sealed record LotView(
    int Id, BigInteger Available, BigInteger Reserved, BigInteger Initial, long? ExpiresAt, string? Attributes, bool Expired, bool FromTransfer)
{
    /// <summary>Null: none.</summary>
    public PolicyPin? Pin { get; init; }

    /// <summary>Still to be wagered.</summary>
    public BigInteger Remaining { get; init; }

    /// <summary>It has restrictions.</summary>
    public bool Restricted { get; init; }
}
