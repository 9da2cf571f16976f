using System.Numerics;
using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>Reservations: made, captured, released.</summary>
internal static class ReservationRules
{
    private const long DefaultLifeNanoseconds = 15L * 60 * 1_000_000_000;
    private const long LifeMaxNanoseconds = 30L * 24 * 60 * 60 * 1_000_000_000;

    public static ModelResult Create(Draft draft, CreateReservation command)
    {
        var books = draft.Books;
        if (!MoneyRules.AmountValid(command.Amount)) return ModelResult.InvalidAmount;

        var ready = MoneyRules.Spendable(books, command.Wallet, command.Asset, out var asset);
        if (ready != ModelResult.Accepted) return ready;

        var expiresAt = command.ExpiresAt ?? draft.Stamp + DefaultLifeNanoseconds;
        if (expiresAt <= draft.Stamp) return ModelResult.ExpiryInPast;
        if (expiresAt > draft.Stamp + LifeMaxNanoseconds) return ModelResult.ExpiryTooFar;

        var account = books.Account(command.Wallet, asset);
        var taken = TakeRule.Take(draft, account, command.Amount, command.Selection, out var slices);
        if (taken != ModelResult.Accepted) return taken;

        // An overdrawn pool can set aside more than it ever had, so the reserved column needs its own bound.
        if (account!.Reserved + command.Amount > TenantBooks.Max) return ModelResult.BalanceWouldOverflow;

        foreach (var slice in slices)
        {
            var lot = account.Lots.Find(candidate => candidate.Id == slice.Lot)!;
            draft.Post(account, Column.Available, lot, account, Column.Reserved, lot, slice.Amount);
        }

        var id = books.NextReservation++;
        books.Pending = books.Pending.Add(id, new(id, command.Wallet, asset, expiresAt, ReservationStatus.Pending, slices));
        draft.ReservationId = id;
        return ModelResult.Accepted;
    }

    public static ModelResult Commit(Draft draft, CommitReservation command)
    {
        var books = draft.Books;
        var found = FindPending(draft, command.Reservation, out var reservation);
        if (found != ModelResult.Accepted) return found;

        var amount = command.Amount ?? reservation.Held;
        if (amount < 1) return ModelResult.InvalidAmount;
        if (amount > reservation.Held) return ModelResult.CaptureExceedsReservation;

        var to = command.To ?? SystemWallets.Consumption;
        if (!books.Wallets.TryGetValue(to, out var destination)) return ModelResult.WalletNotFound;
        if (command.To is not null && destination.System) return ModelResult.SystemWallet;
        if (to == reservation.Wallet) return ModelResult.SameWallet;
        if (books.Wallets[reservation.Wallet].Status == WalletStatus.Frozen) return ModelResult.WalletFrozen;
        if (destination.Status == WalletStatus.Closed) return ModelResult.WalletClosed;

        var room = RoomRule.Check(books.Account(to, reservation.Asset), amount);
        if (room != ModelResult.Accepted) return room;

        var account = books.Account(reservation.Wallet, reservation.Asset)!;
        var rest = Capture(draft, account, reservation.Slices, amount, to);
        GiveBack(draft, account, rest);
        Finish(books, reservation, ReservationStatus.Committed);
        return ModelResult.Accepted;
    }

    public static ModelResult Release(Draft draft, ReleaseReservation command)
    {
        var found = FindPending(draft, command.Reservation, out var reservation);
        if (found != ModelResult.Accepted) return found;

        GiveBack(draft, draft.Books.Account(reservation.Wallet, reservation.Asset)!, reservation.Slices);
        Finish(draft.Books, reservation, ReservationStatus.Released);
        return ModelResult.Accepted;
    }

    /// <summary>Every slice goes back to its lot; where the lot's expiry fact was made already, on to breakage in the same posting.</summary>
    public static void GiveBack(Draft draft, Account account, IEnumerable<Slice> slices)
    {
        foreach (var slice in slices)
        {
            var lot = account.Lots.Find(candidate => candidate.Id == slice.Lot)!;
            if (lot.Expired)
            {
                ReceivingRule.Give(draft, account, Column.Reserved, slice, SystemWallets.Breakage);
            }
            else
            {
                draft.Post(account, Column.Reserved, lot, account, Column.Available, lot, slice.Amount);
            }
        }
    }

    public static void Finish(TenantBooks books, Reservation reservation, ReservationStatus status)
    {
        books.Pending = books.Pending.Remove(reservation.Id);
        books.Finished = books.Finished.Add(reservation.Id, reservation with { Status = status, Slices = [] });
    }

    private static ModelResult FindPending(Draft draft, int id, out Reservation reservation)
    {
        reservation = draft.Books.Reservation(id)!;
        if (reservation is null) return ModelResult.ReservationNotFound;
        if (reservation.Status == ReservationStatus.Expired)
        {
            draft.AlsoAllowed = ModelResult.ReservationNotActive;
            return ModelResult.ReservationExpired;
        }

        return reservation.Status == ReservationStatus.Pending ? ModelResult.Accepted : ModelResult.ReservationNotActive;
    }

    private static List<Slice> Capture(Draft draft, Account account, IReadOnlyList<Slice> slices, BigInteger amount, string to)
    {
        var rest = new List<Slice>();
        var missing = amount;
        foreach (var slice in slices)
        {
            var part = BigInteger.Min(missing, slice.Amount);
            missing -= part;
            if (part > 0) ReceivingRule.Give(draft, account, Column.Reserved, slice with { Amount = part }, to);
            if (part < slice.Amount) rest.Add(slice with { Amount = slice.Amount - part });
        }

        return rest;
    }
}
