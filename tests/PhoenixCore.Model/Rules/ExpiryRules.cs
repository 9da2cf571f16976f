using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>What is due, and its expiry. Due means: expires at or before the stamp.</summary>
internal static class ExpiryRules
{
    /// <summary>Expires what is due on these accounts: reservations by (expiry, ordinal), then lots by (expiry, ordinal).</summary>
    public static List<ExpiryFact> Expire(TenantBooks books, IReadOnlyCollection<Account> accounts, long stamp)
    {
        var facts = new List<ExpiryFact>();
        var reservations = books.Pending.Values
            .Where(reservation => reservation.ExpiresAt <= stamp)
            .Where(reservation => accounts.Any(account => account.Wallet == reservation.Wallet && account.Asset == reservation.Asset))
            .OrderBy(reservation => reservation.ExpiresAt).ThenBy(reservation => reservation.Id);
        foreach (var reservation in reservations.ToList())
        {
            var draft = new Draft(books, stamp);
            ReservationRules.GiveBack(draft, books.Account(reservation.Wallet, reservation.Asset)!, reservation, reservation.Slices, countsToo: reservation.Captured.IsZero);
            ReservationRules.Finish(books, reservation, ReservationStatus.Expired);
            facts.Add(new(reservation.Wallet, reservation.Asset, reservation.Id, null, draft.Movements, draft.LotIds));
        }

        var lots = accounts.SelectMany(account => account.Lots.Select(lot => (Account: account, Lot: lot)))
            .Where(due => !due.Lot.Expired && due.Lot.Live && due.Lot.Terms.ExpiresAt <= stamp)
            .OrderBy(due => due.Lot.Terms.ExpiresAt).ThenBy(due => due.Lot.Id);
        foreach (var (account, lot) in lots.ToList())
        {
            var draft = new Draft(books, stamp);
            LotRules.Forfeit(draft, account, lot);

            facts.Add(new(account.Wallet, account.Asset, null, lot.Id, draft.Movements, draft.LotIds));
        }

        return facts;
    }

    /// <summary>The accounts that exist now and that a command names, in the command's order, each once.</summary>
    public static IEnumerable<Account> Named(TenantBooks books, ModelCommand command)
    {
        var named = command switch
        {
            SetBounds c => Of(books, c.Wallet, c.Asset),
            CreateCredit c => Of(books, c.Wallet, c.Asset),
            CreateDebit c => Of(books, c.Wallet, c.Asset),
            CreateReservation c => Of(books, c.Wallet, c.Asset),
            SetWalletStatus c => books.AccountsOf(c.Wallet),
            CreateTransfer c => c.Legs.SelectMany(leg => OfLeg(books, leg)),
            CommitReservation c => OfReservation(books, c.Reservation, c.To),
            ReleaseReservation c => OfReservation(books, c.Reservation, null),
            IncrementReservation c => OfReservation(books, c.Reservation, null),
            ExtendReservation c => OfReservation(books, c.Reservation, null),
            UpdateLot c => [books.FindLot(c.Lot)?.Account],
            ExpireLot c => [books.FindLot(c.Lot)?.Account],
            ReverseCredit c => OfOriginal(books, c.Transaction, credit: true),
            ReverseTransfer c => OfOriginal(books, c.Transaction, credit: false),
            AtomicBatch c => c.Operations.SelectMany(operation => Named(books, operation)),
            _ => Array.Empty<Account?>(),
        };
        return named.OfType<Account>().Distinct();
    }

    /// <summary>As of a command with the same wallets.</summary>
    public static IEnumerable<Account> Named(TenantBooks books, EvaluationQuestion question) =>
        Of(books, question.Wallet, question.Asset).Concat(question.Other is { } other ? Of(books, other, question.Asset) : []).OfType<Account>().Distinct();

    /// <summary>Without a code the asset is resolved only later, so every account of the wallet may be meant.</summary>
    private static IEnumerable<Account?> Of(TenantBooks books, string wallet, string? code) =>
        code is null ? books.AccountsOf(wallet) : books.Account(wallet, code) is { } account ? [account] : [];

    private static IEnumerable<Account?> OfLeg(TenantBooks books, TransferLeg leg) =>
        Of(books, leg.From, leg.Asset).Concat(Of(books, leg.To, leg.Asset));

    private static Account?[] OfOriginal(TenantBooks books, int transaction, bool credit) =>
        books.Originals.TryGetValue(transaction, out var original) && original.IsCredit == credit
            ? [books.Account(original.To, original.Asset), credit ? null : books.Account(original.From, original.Asset)]
            : [];

    /// <summary>A finished reservation names nothing: a ledger may have forgotten whose it was.</summary>
    private static Account?[] OfReservation(TenantBooks books, int id, string? to) =>
        books.Pending.TryGetValue(id, out var reservation)
            ? [books.Account(reservation.Wallet, reservation.Asset), to is null ? null : books.Account(to, reservation.Asset)]
            : [];
}
