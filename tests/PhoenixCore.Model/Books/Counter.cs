using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>What was counted since the window began.</summary>
internal sealed record Counter(long WindowStart, BigInteger Value);
