using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>A part of an account with its own terms.</summary>
internal sealed class Lot
{
    public required int Id { get; init; }

    public required Terms Terms { get; set; }

    public required bool Pooled { get; init; }

    public required bool FromTransfer { get; init; }

    /// <summary>Stamp of the fact that made it.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Still to be wagered.</summary>
    public BigInteger Remaining { get; set; }

    public BigInteger Available { get; set; }

    public BigInteger Reserved { get; set; }

    public BigInteger Initial { get; set; }

    /// <summary>Set by the lot's expiry fact, not by the passing of time.</summary>
    public bool Expired { get; set; }

    public bool Live => Pooled || Available + Reserved > 0;

    public Lot Clone() => (Lot)MemberwiseClone();
}
