using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>An amount taken from one lot.</summary>
internal sealed record Slice(int Lot, BigInteger Amount);
