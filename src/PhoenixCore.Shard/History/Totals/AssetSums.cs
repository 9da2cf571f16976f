using System.Globalization;
using System.Numerics;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History.Totals;

/// <summary>What was debited and credited in one asset of one tenant. One thread.</summary>
internal sealed class AssetSums(int asset)
{
    private const int Systems = 4;
    private readonly Turnover[] _debits = new Turnover[6];
    private readonly Turnover[] _credits = new Turnover[6];

    // The balance that a system account's own entries name last.
    private readonly Int128[] _lastBalances = new Int128[Systems];
    private ulong _postings;

    public AssetSums(SumsMark mark) : this(mark.Asset)
    {
        _postings = mark.Postings;
        for (var i = 0; i < _debits.Length; i++)
        {
            _debits[i] = new Turnover(BigInteger.Parse(mark.Debits[i], CultureInfo.InvariantCulture));
            _credits[i] = new Turnover(BigInteger.Parse(mark.Credits[i], CultureInfo.InvariantCulture));
        }

        for (var i = 0; i < Systems; i++) _lastBalances[i] = Int128.Parse(mark.LastBalances[i], CultureInfo.InvariantCulture);
    }

    public SumsMark Mark(uint tenant) => new(tenant, asset, _postings, TextsOf(_debits), TextsOf(_credits), [.. _lastBalances.Select(balance => balance.ToString(CultureInfo.InvariantCulture))]);

    private static string[] TextsOf(Turnover[] sums) => [.. sums.Select(sum => sum.Total.ToString(CultureInfo.InvariantCulture))];

    /// <param name="tenantMade">Sequence of the fact that made the tenant and its system wallets.</param>
    public void Add(in Posting posting, ulong tenantMade)
    {
        _postings++;
        var debit = ClassOf(posting.DebitWallet, tenantMade, posting.Has(PostingFlags.DebitReserved));
        var credit = ClassOf(posting.CreditWallet, tenantMade, posting.Has(PostingFlags.CreditReserved));
        _debits[debit].Add(posting.Amount);
        _credits[credit].Add(posting.Amount);
        if (debit < Systems) _lastBalances[debit] = posting.DebitAfter;
        if (credit < Systems) _lastBalances[credit] = posting.CreditAfter;
    }

    public AssetTrial Read()
    {
        var lines = new TrialLine[_debits.Length];
        var agrees = true;
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new TrialLine((AccountClass)i, _debits[i].Total, _credits[i].Total);
            if (i < Systems) agrees &= lines[i].Credits - lines[i].Debits == _lastBalances[i];
        }

        return new AssetTrial(asset, _postings, lines, agrees);
    }

    private static int ClassOf(ulong wallet, ulong tenantMade, bool reserved)
    {
        if (Numbers.SequenceOf(wallet) == tenantMade && Numbers.OrdinalOf(wallet) is >= 1 and <= Systems and var ordinal) return ordinal - 1;
        return reserved ? (int)AccountClass.WalletsReserved : (int)AccountClass.WalletsAvailable;
    }
}
