using System.Collections.Immutable;
using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>One wallet's holding of one asset.</summary>
internal sealed class Account
{
    public required string Wallet { get; init; }

    public required string Asset { get; init; }

    public required bool Pooled { get; init; }

    public BigInteger Available { get; set; }

    public BigInteger Reserved { get; set; }

    public BigInteger Lifetime { get; set; }

    /// <summary>Null: none.</summary>
    public BigInteger? Floor { get; set; }

    /// <summary>Null: none.</summary>
    public BigInteger? Ceiling { get; set; }

    /// <summary>How many lots were ever made here.</summary>
    public int LotsEver { get; set; }

    /// <summary>Live lots in creation order; a pooled account has exactly one.</summary>
    public List<Lot> Lots { get; private set; } = [];

    /// <summary>Lots that are used up, as they were left.</summary>
    public ImmutableDictionary<int, Lot> Dead { get; set; } = ImmutableDictionary<int, Lot>.Empty;

    public Account Clone()
    {
        var clone = (Account)MemberwiseClone();
        clone.Lots = [.. Lots.Select(lot => lot.Clone())];
        return clone;
    }
}
