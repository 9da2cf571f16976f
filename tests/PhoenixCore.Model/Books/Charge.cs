using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>One counting of an operation. SliceOf: the lot whose slice was counted; null: the whole operation.</summary>
internal sealed record Charge(CounterName Counter, long WindowStart, BigInteger Amount, int? SliceOf);
