using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>A slice that went from one lot into another. Terms: those of the lot it came from, at that time.</summary>
internal sealed record Arrival(int FromLot, int ToLot, BigInteger Amount, Terms Terms);
