using System.Numerics;

namespace PhoenixCore.Model.Scripts;

/// <summary>Makes commands that move value.</summary>
internal sealed class MoneyScripts(Chooser choose)
{
    private const long DayNanoseconds = 24L * 60 * 60 * 1_000_000_000;

    private readonly SplitMix64 _random = choose.Random;
    private readonly HoldScripts _holds = new(choose);

    public ModelCommand Any() => _random.Weighted(26, 24, 8, 16, 14, 8, 9) switch
    {
        0 => Credit(),
        1 => Transfer(),
        2 => Debit(),
        3 => Reserve(),
        4 => Commit(),
        5 => Release(),
        _ => _holds.Any() ?? Reserve(),
    };

    public AtomicBatch Batch(Func<ModelCommand>? admin)
    {
        var main = choose.Look;
        var scratch = main.Fork();
        choose.Look = scratch;
        var operations = new List<ModelCommand>();
        for (var left = _random.Between(1, 6); left > 0; left--)
        {
            // Mostly operations that would pass, so that a batch is often accepted, and often refused late when it is not.
            var operation = Operation(admin);
            for (var tries = 0; tries < 3 && !choose.Spoil(); tries++)
            {
                if (scratch.Fork().Execute(operation, choose.Stamp).Result == ModelResult.Accepted) break;
                operation = Operation(admin);
            }

            scratch.Execute(operation, choose.Stamp);
            operations.Add(operation);
        }

        if (_random.Percent(12)) operations.Add(new CreateDebit("nobody", 1, null, Selection.Fifo));
        choose.Look = main;
        return new(operations);
    }

    private ModelCommand Operation(Func<ModelCommand>? admin) => admin is not null && _random.Percent(15) ? admin() : Any();

    private CreateCredit Credit()
    {
        var wallet = choose.Wallet();
        var asset = choose.NewAsset();
        var intoLot = _random.Percent(10);
        var terms = intoLot && !choose.Spoil() ? Terms.Plain : choose.Terms(wallet);
        return new(wallet, choose.CreditAmount(asset), choose.AssetOrNone(wallet, asset), terms) { Lot = intoLot ? choose.LotOf(wallet, asset) : null };
    }

    private ModelCommand Transfer()
    {
        var main = choose.Look;
        var scratch = choose.Look = main.Fork();
        var legs = new List<TransferLeg>();
        for (var left = _random.Percent(65) ? 1 : _random.Between(2, 5); left > 0; left--)
        {
            var leg = Leg(legs);
            if (leg is null) break;
            legs.Add(leg);
            scratch.Execute(new CreateTransfer(leg), choose.Stamp);
        }

        choose.Look = main;
        return legs.Count == 0 ? Credit() : new CreateTransfer(legs);
    }

    private TransferLeg? Leg(List<TransferLeg> before)
    {
        // Half of the later legs spend where the last leg paid.
        var follows = before.Count > 0 && _random.Percent(50) ? before[^1].To : null;
        var source = choose.Look.Balances().FirstOrDefault(b => b.Wallet == follows && b.Floor is not null && Chooser.Spendable(b) > 0) ?? choose.Source();
        if (source is null) return null;

        var from = choose.Spoil() ? choose.Wallet() : source.Wallet;
        var to = choose.WalletBut(from);
        return new(
            from, to, choose.AmountUpTo(Chooser.Spendable(source), source.Asset),
            choose.AssetOrNone(from, source.Asset), choose.Selection(from, source.Asset))
        { Destination = choose.Destination(to) };
    }

    private ModelCommand Debit()
    {
        if (choose.Source() is not { } source) return Credit();

        var wallet = choose.Spoil() ? choose.Wallet() : source.Wallet;
        return new CreateDebit(
            wallet, choose.AmountUpTo(Chooser.Spendable(source), source.Asset),
            choose.AssetOrNone(wallet, source.Asset), choose.Selection(wallet, source.Asset));
    }

    private ModelCommand Reserve()
    {
        if (choose.Source() is not { } source) return Credit();

        var wallet = choose.Spoil() ? choose.Wallet() : source.Wallet;
        long? expiry = _random.Weighted(30, 65, 3, 2) switch
        {
            0 => null,
            1 => choose.Stamp + (_random.Between(1, 100) * choose.Shape.TimeUnit),
            2 => choose.Stamp - _random.Between(0, 3),
            _ => choose.Stamp + (30 * DayNanoseconds) + _random.Between(0, 1),
        };
        return new CreateReservation(
            wallet, choose.AmountUpTo(Chooser.Spendable(source), source.Asset),
            choose.AssetOrNone(wallet, source.Asset), expiry, choose.Selection(wallet, source.Asset));
    }

    private ModelCommand Commit()
    {
        if (choose.PendingReservation() is not { } id) return Reserve();

        var held = choose.Named.PendingReservations().FirstOrDefault(reservation => reservation.Id == id);
        var most = held?.Remaining ?? 1;
        BigInteger? amount = _random.Weighted(40, 40, 6, 3, 5) switch
        {
            0 => null,
            1 => BigInteger.Max(1, most * _random.Between(1, 9) / 10),
            2 => most + _random.Between(1, 2),
            3 => -_random.Below(2),
            _ => most,
        };
        var to = _random.Percent(25) ? null : choose.WalletBut(held?.Wallet ?? "house_wallet");
        return new CommitReservation(id, amount, to) { Final = _random.Percent(60), Destination = choose.Destination(to ?? "house_wallet") };
    }

    private ModelCommand Release()
    {
        if (choose.PendingReservation() is not { } id) return Reserve();

        var most = choose.Named.PendingReservations().FirstOrDefault(reservation => reservation.Id == id)?.Remaining ?? 1;
        return new ReleaseReservation(id)
        {
            Amount = _random.Weighted(45, 40, 4, 3, 5) switch
            {
                0 => null,
                1 => BigInteger.Max(1, most * _random.Between(1, 9) / 10),
                2 => most + _random.Between(1, 2),
                3 => -_random.Below(2),
                _ => most,
            },
        };
    }
}
