using System.Numerics;

namespace PhoenixCore.Shard.History.Totals;

/// <summary>An asset's trial balance.</summary>
/// <param name="Asset">Handle.</param>
/// <param name="Postings">Number of postings; each made one debit and one credit.</param>
/// <param name="Agrees">Every system account's balance, as its last entry says, is the sum of its entries.</param>
public sealed record AssetTrial(int Asset, ulong Postings, IReadOnlyList<TrialLine> Lines, bool Agrees)
{
    public BigInteger Debits => Lines.Aggregate(BigInteger.Zero, (sum, line) => sum + line.Debits);

    public BigInteger Credits => Lines.Aggregate(BigInteger.Zero, (sum, line) => sum + line.Credits);

    public bool IsBalanced => Agrees && Debits == Credits;
}
