using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;
using PhoenixCore.Model.Rules.Policies;

namespace PhoenixCore.Model.Rules;

/// <summary>Reservations that change while they are pending: more is held, or for another time.</summary>
internal static class HoldRules
{
    private const long LifeMaxNanoseconds = 30L * 24 * 60 * 60 * 1_000_000_000;

    public static ModelResult Increment(Draft draft, IncrementReservation command)
    {
        var books = draft.Books;
        if (!MoneyRules.AmountValid(command.Amount)) return ModelResult.InvalidAmount;

        var found = ReservationRules.FindPending(draft, command.Reservation, out var reservation);
        if (found != ModelResult.Accepted) return found;
        if (books.Wallets[reservation.Wallet].Status == WalletStatus.Frozen) return ModelResult.WalletFrozen;

        var account = books.Account(reservation.Wallet, reservation.Asset)!;
        var desk = new PolicyDesk(draft);
        var allowed = ReservationRules.Ask(desk, ReservationRules.QuestionOf(reservation, command.Input, command.Amount), out var questions);
        if (allowed != ModelResult.Accepted) return allowed;

        var taken = TakeRule.Take(draft, account, command.Amount, command.Selection, (lot, part) => desk.AskLot(questions, lot, part), out var slices);
        if (taken != ModelResult.Accepted) return taken;
        if (reservation.Slices.Count + slices.Count > TakeRule.SlicesMax) return ModelResult.TooManyLots;
        if (account.Reserved + command.Amount > TenantBooks.Max || !CanGrow(reservation, command.Amount)) return ModelResult.BalanceWouldOverflow;

        foreach (var slice in slices)
        {
            var lot = account.Lots.Find(candidate => candidate.Id == slice.Lot)!;
            draft.Post(account, Column.Available, lot, account, Column.Reserved, lot, slice.Amount);
        }

        books.Pending = books.Pending.SetItem(reservation.Id, reservation with { Slices = [.. reservation.Slices, .. slices], Charges = CounterRules.Join(reservation.Charges, desk.Charges) });
        desk.Charge();
        return ModelResult.Accepted;
    }

    /// <summary>What a reservation ever held has the bound of an amount.</summary>
    public static bool CanGrow(Reservation reservation, BigInteger amount) => reservation.Held + reservation.Captured + reservation.Released + amount <= TenantBooks.Max;

    public static ModelResult Extend(Draft draft, ExtendReservation command)
    {
        var found = ReservationRules.FindPending(draft, command.Reservation, out var reservation);
        if (found != ModelResult.Accepted) return found;
        if (command.ExpiresAt <= draft.Stamp) return ModelResult.ExpiryInPast;
        if (command.ExpiresAt > reservation.CreatedAt + LifeMaxNanoseconds) return ModelResult.ExpiryTooFar;

        draft.Books.Pending = draft.Books.Pending.SetItem(reservation.Id, reservation with { ExpiresAt = command.ExpiresAt });
        return ModelResult.Accepted;
    }
}
