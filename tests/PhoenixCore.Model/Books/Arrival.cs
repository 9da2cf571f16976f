using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>A slice that went from one lot into another. Terms and Remaining (to be wagered): those of the lot it came from, after the operation.</summary>
internal sealed record Arrival(int FromLot, int ToLot, BigInteger Amount, Terms Terms)
{
    public BigInteger Remaining { get; init; }

    /// <summary>Taken above what the captured reservation held.</summary>
    public bool IsExcess { get; init; }
}
