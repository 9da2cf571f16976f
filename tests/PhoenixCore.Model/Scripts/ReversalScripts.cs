using System.Numerics;

namespace PhoenixCore.Model.Scripts;

/// <summary>Makes commands that undo earlier ones.</summary>
internal sealed class ReversalScripts(Chooser choose)
{
    private readonly SplitMix64 _random = choose.Random;

    public ModelCommand Any() => _random.Percent(35) || !choose.Shape.ReversesTransfers ? Credit() : Transfer();

    private ReverseCredit Credit()
    {
        var transaction = choose.Transaction(credit: true);
        return new(transaction, Amount(transaction));
    }

    private ReverseTransfer Transfer()
    {
        var transaction = choose.Transaction(credit: false);
        return new(transaction, Amount(transaction));
    }

    private BigInteger? Amount(int transaction)
    {
        var left = choose.Named.Reversible(transaction)?.Left ?? 1;
        return _random.Weighted(45, 42, 5, 3, 5) switch
        {
            0 => null,
            1 => BigInteger.Max(1, left * _random.Between(1, 9) / 10),
            2 => left + _random.Between(1, 2),
            3 => -_random.Below(2),
            _ => left,
        };
    }
}
