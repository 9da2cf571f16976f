using System.Numerics;

namespace PhoenixCore.Model.Scripts;

/// <summary>Makes commands that change what is held and on which terms, without moving it elsewhere.</summary>
internal sealed class HoldScripts(Chooser choose)
{
    private const long DayNanoseconds = 24L * 60 * 60 * 1_000_000_000;

    private readonly SplitMix64 _random = choose.Random;

    /// <summary>Null when it takes a reservation and there is none.</summary>
    public ModelCommand? Any() => _random.Weighted(34, 30, 24, 12) switch
    {
        0 => Increment(),
        1 => Extend(),
        2 => Update(),
        _ => new ExpireLot(choose.AnyLot()),
    };

    private IncrementReservation? Increment()
    {
        if (choose.PendingReservation() is not { } id) return null;

        var held = choose.Named.PendingReservations().FirstOrDefault(reservation => reservation.Id == id);
        var (wallet, asset) = (held?.Wallet ?? "house_wallet", held?.Asset ?? Chooser.Assets[0]);
        var source = choose.Look.Balances().FirstOrDefault(balance => balance.Wallet == wallet && balance.Asset == asset && balance.Floor is not null);
        var most = source is null ? 1 : BigInteger.Max(1, Chooser.Spendable(source));
        return new(id, choose.AmountUpTo(most, asset), choose.Selection(wallet, asset));
    }

    private ExtendReservation? Extend()
    {
        if (choose.PendingReservation() is not { } id) return null;

        return new(id, _random.Weighted(80, 8, 12) switch
        {
            0 => choose.Stamp + (_random.Between(1, 100) * choose.Shape.TimeUnit),
            1 => choose.Stamp - _random.Between(0, 3),
            _ => choose.Stamp + (30 * DayNanoseconds) - _random.Between(0, 60),
        });
    }

    private UpdateLot Update()
    {
        long? expiry = _random.Weighted(35, 55, 6) switch
        {
            0 => null,
            1 => choose.Stamp + (_random.Between(1, 40) * choose.Shape.TimeUnit),
            _ => choose.Stamp - _random.Between(0, 3),
        };
        return new(choose.AnyLot(), expiry, _random.Pick<string?>([null, null, "", "promo", "gift"]));
    }
}
