using System.Numerics;

namespace PhoenixCore.Model.Scripts;

/// <summary>Makes commands that change assets, wallets and bounds, and mends what would stop the script: frozen, closed, inactive.</summary>
internal sealed class AdminScripts(Chooser choose)
{
    private readonly SplitMix64 _random = choose.Random;

    public ModelCommand Any() => _random.Weighted(45, 30, 15, 6, 4) switch
    {
        0 => WalletStatusOf(),
        1 => Bounds(),
        2 => AssetStatus(),
        3 => Wallet(),
        _ => Asset(),
    };

    /// <summary>A wallet to stand in for a closed one; null when there are enough.</summary>
    public CreateWallet? Replacement()
    {
        var wallets = choose.Wallets();
        var plain = wallets.Count(wallet => !wallet.Pooled);
        var pooled = wallets.Count(wallet => wallet.Pooled && wallet.ExternalId != "house_wallet");
        if (plain >= choose.Shape.PlainWallets && pooled >= choose.Shape.PooledWallets) return null;

        var isPooled = plain >= choose.Shape.PlainWallets;
        var code = _random.Percent(50) ? null : _random.Percent(20) ? "GBP" : _random.Pick(Chooser.Assets);
        return new((isPooled ? "pool" : "user") + choose.Look.Wallets().Count, code, isPooled);
    }

    /// <summary>What empties and then closes some plain wallet; nothing when none can be retired.</summary>
    public IEnumerable<ModelCommand> Retirement()
    {
        var holding = choose.Look.PendingReservations().Select(reservation => reservation.Wallet).ToHashSet();
        var candidates = choose.Wallets().Where(wallet => !wallet.Pooled && !holding.Contains(wallet.ExternalId)).ToList();
        if (candidates.Count == 0 || choose.Look.Wallets().Count >= choose.Shape.WalletsEverMax) yield break;

        var wallet = _random.Pick(candidates).ExternalId;
        yield return new SetWalletStatus(wallet, WalletStatusChange.Unfreeze);
        foreach (var account in choose.Look.Balances().Where(balance => balance.Wallet == wallet && balance.Available > 0))
        {
            yield return new SetBounds(wallet, account.Asset, 0, null);
            yield return new CreateDebit(wallet, account.Available, account.Asset, Selection.ExpiringFirst);
        }

        yield return new SetWalletStatus(wallet, WalletStatusChange.Close);
    }

    private SetWalletStatus WalletStatusOf()
    {
        var frozen = choose.Wallets().Where(wallet => wallet.Status == WalletStatus.Frozen).ToList();
        if (frozen.Count > 0 && _random.Percent(65)) return new(_random.Pick(frozen).ExternalId, WalletStatusChange.Unfreeze);
        if (_random.Percent(60)) return new(choose.Wallet(), _random.Percent(75) ? WalletStatusChange.Freeze : WalletStatusChange.Unfreeze);

        var balances = choose.Look.Balances();
        var mayClose = choose.Look.Wallets().Count < choose.Shape.WalletsEverMax;
        bool Empty(string wallet) => balances.All(b => b.Wallet != wallet || (b.Available.IsZero && b.Reserved.IsZero));
        var candidates = choose.Look.Wallets().Where(w => w.Status == WalletStatus.Closed || (mayClose && w.ExternalId != "house_wallet") || !Empty(w.ExternalId)).ToList();
        var empty = candidates.Where(wallet => wallet.Status != WalletStatus.Closed && !wallet.System && Empty(wallet.ExternalId)).ToList();
        return new(_random.Pick(empty.Count > 0 && _random.Percent(70) ? empty : candidates).ExternalId, WalletStatusChange.Close);
    }

    private SetBounds Bounds()
    {
        var wallet = choose.Wallet();
        var asset = choose.NewAsset();
        var view = choose.Look.Wallets().FirstOrDefault(w => w.ExternalId == wallet);
        var now = choose.Look.Balances().FirstOrDefault(b => b.Wallet == wallet && b.Asset == asset);
        BigInteger floor = _random.Weighted(55, 20, view?.Pooled == true ? 100 : 4) switch
        {
            0 => 0,
            1 => _random.Between(1, 4),
            _ => asset == Chooser.HugeAsset ? -Chooser.Max : -_random.Between(1, 30),
        };
        BigInteger? ceiling = _random.Weighted(60, 35, 5) switch
        {
            0 => null,
            1 => BigInteger.Max(floor, (now?.Available ?? 0) + (now?.Reserved ?? 0) + _random.Between(0, 25)),
            _ => floor - 1,
        };
        return new(wallet, choose.AssetOrNone(wallet, asset), floor, ceiling);
    }

    private SetAssetStatus AssetStatus()
    {
        var inactive = choose.Look.Assets().Where(asset => !asset.Active).ToList();
        if (inactive.Count > 0 && _random.Percent(75)) return new(_random.Pick(inactive).Code, true);
        return choose.Spoil() ? new("NOPE", false) : new(_random.Pick(choose.Look.Assets()).Code, _random.Percent(30));
    }

    private CreateWallet Wallet() => _random.Below(3) switch
    {
        0 => new("user" + choose.Look.Wallets().Count, "NOPE", false),
        1 => new(_random.Percent(50) ? "system:liability" : "house_wallet", "CHF", false),
        _ => new(_random.Pick(choose.Look.Wallets()).ExternalId, null, true),
    };

    private CreateAsset Asset() => _random.Below(3) switch
    {
        0 => new("A" + _random.Below(5), _random.Percent(50) ? 19 : -1),
        1 => new(_random.Pick(choose.Look.Assets()).Code, 2),
        _ => new("A" + _random.Below(5), _random.Below(19)),
    };
}
