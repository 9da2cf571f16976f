using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;
using PhoenixCore.Model.Rules.Policies;

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
        var desk = new PolicyDesk(draft);
        var question = new Question(PolicyOperation.Reserve, command.Wallet, asset, null, command.Amount, Question.IntentOf(command.Input, "reserve"), Question.ContextOf(command.Input));
        var allowed = Ask(desk, question, out var questions);
        if (allowed != ModelResult.Accepted) return allowed;

        var taken = TakeRule.Take(draft, account, command.Amount, command.Selection, (lot, part) => desk.AskLot(questions, lot, part), out var slices);
        if (taken != ModelResult.Accepted) return taken;

        // An overdrawn pool can set aside more than it ever had, so the reserved column needs its own bound.
        if (account!.Reserved + command.Amount > TenantBooks.Max) return ModelResult.BalanceWouldOverflow;

        foreach (var slice in slices)
        {
            var lot = account.Lots.Find(candidate => candidate.Id == slice.Lot)!;
            draft.Post(account, Column.Available, lot, account, Column.Reserved, lot, slice.Amount);
        }

        var id = books.NextReservation++;
        books.Pending = books.Pending.Add(id, new(id, command.Wallet, asset, draft.Stamp, expiresAt, ReservationStatus.Pending, slices) { First = command.Amount, Input = command.Input, Charges = [.. desk.Charges] });
        desk.Charge();
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
        var excess = amount - reservation.Held;
        if (excess > 0 && (!command.Final || excess > OvercaptureRule.Cap(books, reservation))) return ModelResult.CaptureExceedsReservation;

        var to = command.To ?? SystemWallets.Consumption;
        var receives = CheckDestination(books, reservation, to, command.To is not null, out var destination);
        if (receives != ModelResult.Accepted) return receives;

        var question = CaptureQuestion(reservation, command, amount);
        var checkedTerms = ReceivingRule.CheckTerms(draft, destination, command.Destination, command.DestinationPolicy, Comes(question, to), out var terms);
        if (checkedTerms != ModelResult.Accepted) return checkedTerms;

        var account = books.Account(reservation.Wallet, reservation.Asset)!;
        var desk = new PolicyDesk(draft);
        var taken = TakeExcess(draft, desk, account, reservation, question, excess, out var more);
        if (taken != ModelResult.Accepted) return taken;

        var chargesOfExcess = desk.Charges.ToList();
        var allowed = AskCapture(desk, account, reservation, command, question);
        if (allowed != ModelResult.Accepted) return allowed;

        var room = RoomRule.Check(books.Account(to, reservation.Asset), amount);
        if (room != ModelResult.Accepted) return room;
        if (excess > 0 && !HoldRules.CanGrow(reservation, excess)) return ModelResult.BalanceWouldOverflow;

        var waiting = WageringRules.Waiting(account);
        var (captured, rest) = Split(reservation.Slices, BigInteger.Min(amount, reservation.Held));
        var arrivals = ReceivingRule.GiveAll(draft, account, [.. captured.Select(slice => (Column.Reserved, slice)), .. more.Select(slice => (Column.Available, slice))], to, terms);
        if (!command.Final && rest.Count > 0)
        {
            books.Pending = books.Pending.SetItem(reservation.Id, reservation with { Slices = rest, Captured = reservation.Captured + amount });
        }
        else
        {
            GiveBack(draft, account, reservation, rest, countsToo: false);
            Finish(books, reservation, ReservationStatus.Committed);
        }

        WageringRules.Settle(draft, waiting, amount, question);
        desk.Charge();
        if (command.To is null) return ModelResult.Accepted;

        var slices = Draft.AsLeft(account, arrivals.Select((arrival, place) => arrival with { IsExcess = place >= captured.Count }));
        draft.Remember(new(false, reservation.Wallet, to, reservation.Asset, slices)
        {
            Charges = [.. desk.Charges.Skip(chargesOfExcess.Count)],
            Held = reservation.Charges,
            Excess = chargesOfExcess,
            HeldCountsStay = (!command.Final && rest.Count > 0) || !reservation.Captured.IsZero,
        });
        return ModelResult.Accepted;
    }

    public static ModelResult Release(Draft draft, ReleaseReservation command)
    {
        var found = FindPending(draft, command.Reservation, out var reservation);
        if (found != ModelResult.Accepted) return found;

        var account = draft.Books.Account(reservation.Wallet, reservation.Asset)!;
        if (command.Amount < 1) return ModelResult.InvalidAmount;
        if (command.Amount > reservation.Held) return ModelResult.ReleaseExceedsReservation;
        if (command.Amount is { } amount && amount < reservation.Held)
        {
            var (kept, released) = Split(reservation.Slices, reservation.Held - amount);
            GiveBack(draft, account, reservation, [.. Enumerable.Reverse(released)], countsToo: false);
            draft.Books.Pending = draft.Books.Pending.SetItem(reservation.Id, reservation with { Slices = kept, Released = reservation.Released + amount });
            return ModelResult.Accepted;
        }

        GiveBack(draft, account, reservation, reservation.Slices, countsToo: reservation.Captured.IsZero);
        Finish(draft.Books, reservation, ReservationStatus.Released);
        return ModelResult.Accepted;
    }

    /// <summary>Every slice goes back to its lot; where the lot's expiry fact was made already, on to breakage in the same posting.</summary>
    /// <remarks>Counters get back what returns; a count only at the end, when nothing was captured.</remarks>
    public static void GiveBack(Draft draft, Account account, Reservation reservation, IReadOnlyList<Slice> slices, bool countsToo)
    {
        CounterRules.GiveBack(draft.Books, reservation.Charges, slices, countsToo);
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

    /// <summary>What an operation on a reservation is asked as: what is given with it first, else what the reservation remembers.</summary>
    public static Question QuestionOf(Reservation reservation, PolicyInput given, BigInteger amount) => new(
        PolicyOperation.Reserve, reservation.Wallet, reservation.Asset, null, amount,
        Question.IntentOf(given, Question.IntentOf(reservation.Input, "reserve")), [.. Question.ContextOf(given), .. Question.ContextOf(reservation.Input)]);

    /// <summary>Layers 1–2 about setting aside, then about taking what is set aside.</summary>
    public static ModelResult Ask(PolicyDesk desk, Question reserve, out Question[] both)
    {
        both = [reserve, reserve.As(PolicyOperation.Commit)];
        var allowed = desk.AskOperation(both[0]);
        return allowed == ModelResult.Accepted ? desk.AskOperation(both[1]) : allowed;
    }

    public static ModelResult FindPending(Draft draft, int id, out Reservation reservation)
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

    private static ModelResult CheckDestination(TenantBooks books, Reservation reservation, string to, bool isGiven, out WalletView destination)
    {
        if (!books.Wallets.TryGetValue(to, out destination!)) return ModelResult.WalletNotFound;
        if (isGiven && destination.System) return ModelResult.SystemWallet;
        if (to == reservation.Wallet) return ModelResult.SameWallet;
        if (books.Wallets[reservation.Wallet].Status == WalletStatus.Frozen) return ModelResult.WalletFrozen;
        return destination.Status == WalletStatus.Closed ? ModelResult.WalletClosed : ModelResult.Accepted;
    }

    private static Question CaptureQuestion(Reservation reservation, CommitReservation command, BigInteger amount) =>
        QuestionOf(reservation, command.Input, amount) with { Operation = PolicyOperation.Commit, Other = command.To, LimitsSilent = true };

    /// <summary>The question to the wallet that receives the capture.</summary>
    private static Question Comes(Question capture, string to) =>
        capture with { Operation = PolicyOperation.TransferIn, Wallet = to, Other = capture.Wallet, LimitsSilent = false };

    /// <summary>What lies above the held amount is asked, counted and taken as an increment of that amount would be.</summary>
    private static ModelResult TakeExcess(Draft draft, PolicyDesk desk, Account account, Reservation reservation, Question capture, BigInteger excess, out List<Slice> slices)
    {
        slices = [];
        if (excess <= 0) return ModelResult.Accepted;

        var commit = capture with { Amount = excess, Moved = capture.Amount, LimitsSilent = false };
        Question[] both = [commit with { Operation = PolicyOperation.Reserve, Other = null }, commit];
        foreach (var question in both)
        {
            var allowed = desk.AskOperation(question);
            if (allowed != ModelResult.Accepted) return allowed;
        }

        var taken = TakeRule.Take(draft, account, excess, Selection.Fifo, (lot, part) => desk.AskLot(both, lot, part), out slices);
        if (taken != ModelResult.Accepted) return taken;
        return slices.Count + reservation.Slices.Count > TakeRule.SlicesMax ? ModelResult.TooManyLots : ModelResult.Accepted;
    }

    /// <summary>Only what the reservation could not know is asked: a destination, another intent, a context of its own.</summary>
    private static ModelResult AskCapture(PolicyDesk desk, Account account, Reservation reservation, CommitReservation command, Question question)
    {
        if (command is { To: null, Input: { Intent: null, Context: null } }) return ModelResult.Accepted;

        var allowed = desk.AskOperation(question);
        if (allowed != ModelResult.Accepted) return allowed;
        foreach (var slice in Split(reservation.Slices, BigInteger.Min(question.Amount, reservation.Held)).Front)
        {
            var lot = account.Lots.Find(candidate => candidate.Id == slice.Lot)!;
            if (!desk.Allows(question, lot, slice.Amount)) return ModelResult.PolicyViolation;
        }

        if (command.To is null) return ModelResult.Accepted;
        return desk.AskOperation(Comes(question, command.To));
    }

    /// <summary>The first so much of the slices, and the rest, each in its order.</summary>
    private static (List<Slice> Front, List<Slice> Back) Split(IReadOnlyList<Slice> slices, BigInteger amount)
    {
        var (first, rest) = (new List<Slice>(), new List<Slice>());
        foreach (var slice in slices)
        {
            var part = BigInteger.Min(amount, slice.Amount);
            amount -= part;
            if (part > 0) first.Add(slice with { Amount = part });
            if (part < slice.Amount) rest.Add(slice with { Amount = slice.Amount - part });
        }

        return (first, rest);
    }
}
