using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>Checks what is always true of the books, from scratch each time.</summary>
internal static class Auditor
{
    public static void Audit(TenantBooks books)
    {
        foreach (var perAsset in books.Accounts.GroupBy(account => account.Asset))
        {
            That(Sum(perAsset, account => account.Available + account.Reserved).IsZero, $"{perAsset.Key} does not sum to zero");
        }

        foreach (var account in books.Accounts)
        {
            AuditAccount(books, account);
        }

        foreach (var reservation in books.Pending.Values)
        {
            That(reservation.Slices.Count > 0 && reservation.Slices.All(slice => slice.Amount > 0), $"reservation {reservation.Id} is empty");
        }
    }

    private static void AuditAccount(TenantBooks books, Account account)
    {
        var name = $"{account.Wallet}/{account.Asset}";
        That(account.Available == Sum(account.Lots, lot => lot.Available), $"{name}: available is not its lots'");
        That(account.Reserved == Sum(account.Lots, lot => lot.Reserved), $"{name}: reserved is not its lots'");
        That(BigInteger.Abs(account.Available) <= TenantBooks.Max && account.Reserved <= TenantBooks.Max, $"{name}: a column passes the bound");
        That(account.Available + account.Reserved <= TenantBooks.Max, $"{name}: what may come back passes the bound");
        That(account.Reserved >= 0, $"{name}: reserved is negative");
        That(account.Pooled || account.Available >= 0, $"{name}: available is negative");
        That(!account.Pooled || account.Lots.Count == 1, $"{name}: a pool has one lot");

        var held = books.Pending.Values.Where(r => r.Wallet == account.Wallet && r.Asset == account.Asset).ToList();
        That(account.Reserved == Sum(held, reservation => reservation.Held), $"{name}: reserved is not its reservations'");
        var perLot = held.SelectMany(reservation => reservation.Slices).ToLookup(slice => slice.Lot, slice => slice.Amount);
        foreach (var lot in account.Lots)
        {
            That(lot.Reserved == Sum(perLot[lot.Id], amount => amount), $"{name}: lot {lot.Id} holds something else than its slices");
            That(lot.Live, $"{name}: lot {lot.Id} is dead");
            That(lot.Pooled || (lot.Available >= 0 && lot.Reserved >= 0), $"{name}: lot {lot.Id} is negative");
            That(lot.Pooled || lot.Available + lot.Reserved <= lot.Initial, $"{name}: lot {lot.Id} holds more than came in");
            That(!lot.Expired || lot.Available.IsZero, $"{name}: lot {lot.Id} is expired and spendable");
        }

        if (books.Wallets[account.Wallet].Status == WalletStatus.Closed)
        {
            That(account.Available.IsZero && account.Reserved.IsZero, $"{name}: closed, not empty");
        }
    }

    private static BigInteger Sum<T>(IEnumerable<T> things, Func<T, BigInteger> amount) =>
        things.Aggregate(BigInteger.Zero, (sum, thing) => sum + amount(thing));

    private static void That(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
