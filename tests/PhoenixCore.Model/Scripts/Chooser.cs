using System.Numerics;

namespace PhoenixCore.Model.Scripts;

/// <summary>Picks things for commands: mostly ones that exist and fit, now and then wrong ones.</summary>
internal sealed class Chooser(SplitMix64 random, ScriptShape shape, ModelLedger ledger)
{
    public const string HugeAsset = "BIG";
    public const int UnknownOrdinal = 1_000_000;

    public static readonly BigInteger Max = BigInteger.Pow(10, 38) - 1;
    public static readonly IReadOnlyList<string> Assets = ["PTS", "GEM"];

    private static readonly IReadOnlyList<string> IsoCodes = ["EUR", "JPY", "KWD", "USD"];
    private static readonly IReadOnlyList<string?> Tags = [null, null, "promo", "gift"];

    public SplitMix64 Random => random;

    public ScriptShape Shape => shape;

    /// <summary>Where balances are read: inside a batch, the state that the operations so far would leave.</summary>
    public ModelLedger Look { get; set; } = ledger;

    /// <summary>Where ordinals are read: always what is decided already, so that no command names a thing of its own batch.</summary>
    public ModelLedger Named { get; } = ledger;

    public long Stamp { get; set; }

    public bool Spoil() => random.Percent(shape.SpoilPercent);

    public List<WalletView> Wallets() => [.. Look.Wallets().Where(wallet => !wallet.System && wallet.Status != WalletStatus.Closed)];

    public string Wallet()
    {
        if (!Spoil()) return random.Pick(Wallets()).ExternalId;
        var closed = Look.Wallets().Where(wallet => wallet.Status == WalletStatus.Closed).ToList();
        return random.Below(3) switch
        {
            0 => "nobody",
            1 when closed.Count > 0 => random.Pick(closed).ExternalId,
            _ => random.Pick(Look.Wallets().Where(wallet => wallet.System).ToList()).ExternalId,
        };
    }

    public string WalletBut(string other)
    {
        if (Spoil()) return random.Percent(50) ? other : Wallet();
        return random.Pick(Wallets().Where(wallet => wallet.ExternalId != other).ToList()).ExternalId;
    }

    /// <summary>An account that can give something; null when there is none.</summary>
    public Balance? Source()
    {
        var status = Look.Wallets().ToDictionary(wallet => wallet.ExternalId);
        var giving = Look.Balances().Where(balance => balance.Floor is not null && Spendable(balance) > 0)
            .Where(balance => status[balance.Wallet].Status == WalletStatus.Active || Spoil()).ToList();
        return giving.Count == 0 ? null : random.Pick(giving);
    }

    public static BigInteger Spendable(Balance balance) => balance.Available - balance.Floor!.Value;

    public string NewAsset() => random.Weighted(80, shape.HugeAmounts ? 3 : 0, 12) switch
    {
        0 => random.Pick(Assets),
        1 => HugeAsset,
        _ => random.Pick(IsoCodes),
    };

    /// <summary>This code, or nothing where nothing may be enough, or a wrong one.</summary>
    public string? AssetOrNone(string wallet, string code)
    {
        if (Spoil()) return random.Percent(50) ? "NOPE" : null;
        var isDefault = Look.Wallets().FirstOrDefault(view => view.ExternalId == wallet)?.DefaultAsset == code;
        return random.Percent(isDefault ? 40 : 1) ? null : code;
    }

    public BigInteger AmountUpTo(BigInteger most, string asset)
    {
        if (Spoil()) return random.Pick<BigInteger>([0, -1, Max + 1, Max]);
        if (asset == HugeAsset) return BigInteger.Max(1, random.Pick([most, most / 2, most - 1, 1]));
        return random.Weighted(86, 9, 5) switch
        {
            0 => random.Between(1, (int)BigInteger.Min(most, 9)),
            1 => most,
            _ => most + random.Between(1, 4),
        };
    }

    public BigInteger CreditAmount(string asset)
    {
        if (Spoil()) return random.Pick<BigInteger>([0, -1, Max + 1]);
        if (asset == HugeAsset) return random.Pick([Max, Max / 2, Max - 1, 1, Max / 10]);

        // The first credit of an asset must not be huge: liability would be full, and the asset closed to credits for good.
        var issued = Look.Balances().Any(balance => balance.Asset == asset && balance.Wallet == "system:liability" && balance.Available < 0);
        return issued && random.Percent(1) ? Max - random.Below(3) : random.Between(1, 20);
    }

    public Terms Terms(string wallet)
    {
        var pooled = Look.Wallets().Any(view => view.ExternalId == wallet && view.Pooled);
        if (pooled && !Spoil()) return Model.Terms.Plain;
        long? expiry = random.Weighted(45, 50, 2) switch
        {
            0 => null,
            1 => Stamp + (random.Between(1, 40) * shape.TimeUnit),
            _ => Stamp - random.Between(0, 3),
        };
        return new(expiry, random.Pick(Tags));
    }

    public Selection Selection(string wallet, string asset)
    {
        switch (random.Weighted(40, 18, 18, 24))
        {
            case 0: return Model.Selection.Fifo;
            case 1: return Model.Selection.Lifo;
            case 2: return Model.Selection.ExpiringFirst;
        }

        var live = Named.Lots(wallet, asset).Select(lot => lot.Id).ToList();
        var chosen = new List<int>();
        for (var left = random.Between(1, 4); left > 0 && live.Count > 0; left--)
        {
            var lot = random.Pick(live);
            chosen.Add(lot);
            live.Remove(lot);
        }

        if (chosen.Count == 0 || random.Percent(10)) chosen.Insert(random.Below(chosen.Count + 1), OddLot(chosen));
        return new(SelectionStrategy.Specific, chosen);
    }

    public int? PendingReservation()
    {
        var pending = Named.PendingReservations();
        if (Named.ReservationsEver > 0 && random.Percent(12)) return Named.ReservationsEver - 1 - random.Below(Math.Min(Named.ReservationsEver, 30));
        if (Spoil()) return UnknownOrdinal;
        return pending.Count == 0 ? null : random.Pick(pending).Id;
    }

    /// <summary>Mostly a live lot with terms of its own; now and then any that ever was.</summary>
    public int AnyLot()
    {
        if (random.Percent(15)) return OddLot([]);
        var lots = Named.Balances().Where(balance => balance.Floor is not null).SelectMany(balance => Named.Lots(balance.Wallet, balance.Asset)).ToList();
        return lots.Count == 0 ? UnknownOrdinal : random.Pick(lots).Id;
    }

    /// <summary>Mostly the lot of this account that holds most; where there is none, or now and then, any.</summary>
    public int LotOf(string wallet, string asset)
    {
        var lots = Named.Lots(wallet, asset);
        return lots.Count == 0 || random.Percent(15) ? AnyLot() : random.Pick(lots).Id;
    }

    /// <summary>Mostly a late transaction of the kind that has something left.</summary>
    public int Transaction(bool credit)
    {
        if (Spoil() || Named.TransactionsEver == 0) return UnknownOrdinal;
        var last = Named.TransactionsEver - 1;
        var late = Enumerable.Range(0, Math.Min(Named.TransactionsEver, 30)).Select(back => last - back).ToList();
        var open = late.Where(id => Named.Reversible(id) is { } found && found.IsCredit == credit && found.Left > 0).ToList();
        return open.Count > 0 && !random.Percent(12) ? random.Pick(open) : random.Pick(late);
    }

    /// <summary>Terms that a receiver is given: sometimes plain, none most of the time.</summary>
    public Terms? Destination(string to) => random.Percent(12) ? Terms(to) : null;

    /// <summary>A lot of long ago or of another account (whichever it turns out to be), one named twice, or an unknown one.</summary>
    private int OddLot(List<int> chosen) => random.Below(4) switch
    {
        0 when chosen.Count > 0 => random.Pick(chosen),
        1 => UnknownOrdinal,
        _ when Named.LotsEver > 0 => Named.LotsEver - 1 - random.Below(Math.Min(Named.LotsEver, 40)),
        _ => UnknownOrdinal,
    };
}
