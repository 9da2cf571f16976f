using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Books;

/// <summary>A fact being made over some books, at some stamp, with what it has done so far.</summary>
internal sealed class Draft(TenantBooks books, long stamp)
{
    public TenantBooks Books { get; } = books;

    public long Stamp { get; } = stamp;

    public List<Movement> Movements { get; } = [];

    public List<int> LotIds { get; } = [];

    public List<int> TransactionIds { get; } = [];

    public List<Outcome> Operations { get; } = [];

    public int? WalletId { get; set; }

    public int? ReservationId { get; set; }

    public int? PolicyId { get; set; }

    public int? RefusedIndex { get; set; }

    public ModelResult? AlsoAllowed { get; set; }

    /// <summary>Some policy or restriction was asked.</summary>
    public bool UnderPolicy { get; set; }

    /// <summary>Why a policy denied it.</summary>
    public Violation? Violation { get; set; }

    public Outcome Accepted() => new(ModelResult.Accepted)
    {
        Movements = Movements,
        LotIds = LotIds,
        TransactionIds = TransactionIds,
        Operations = Operations,
        WalletId = WalletId,
        ReservationId = ReservationId,
        PolicyId = PolicyId,
        UnderPolicy = UnderPolicy,
    };

    public Outcome Refused(ModelResult result) => new(result) { RefusedIndex = RefusedIndex, AlsoAllowed = AlsoAllowed, UnderPolicy = UnderPolicy, Violation = result == ModelResult.PolicyViolation ? Violation : null };

    /// <summary>The account, made now if it is missing; a pooled account is made with its one lot.</summary>
    public Account AccountOrNew(string wallet, string asset)
    {
        if (Books.Account(wallet, asset) is { } known)
        {
            return known;
        }

        var owner = Books.Wallets[wallet];
        var account = new Account { Wallet = wallet, Asset = asset, Pooled = owner.Pooled, Floor = owner.System ? null : 0 };
        Books.Accounts.Add(account);
        if (owner.Pooled)
        {
            NewLot(account, Terms.Plain, fromTransfer: false);
        }

        return account;
    }

    /// <summary>An ACTIVE asset with the accounts of the system wallets.</summary>
    public void AddAsset(string code, int scale)
    {
        Books.Assets = Books.Assets.Add(code, new(code, scale, Active: true));
        foreach (var wallet in SystemWallets.All) AccountOrNew(wallet, code);
    }

    /// <summary>Slices with the terms that the lots they came from have now, after all that the operation did.</summary>
    public static List<Arrival> AsLeft(Account from, IEnumerable<Arrival> arrivals) =>
        [.. arrivals.Select(arrival => (Arrival: arrival, Lot: from.Lots.Find(lot => lot.Id == arrival.FromLot) ?? from.Dead[arrival.FromLot]))
            .Select(pair => pair.Arrival with { Terms = pair.Lot.Terms, Remaining = pair.Lot.Remaining })];

    /// <summary>Keeps what was done for a reversal.</summary>
    public void Remember(Original original)
    {
        TransactionIds.Add(Books.Originals.Count);
        Books.Originals = Books.Originals.Add(Books.Originals.Count, original);
    }

    public Lot NewLot(Account account, Terms terms, bool fromTransfer)
    {
        var id = Books.LotNames.Count;
        Books.LotNames = Books.LotNames.Add(id, new(account.Wallet, account.Asset, account.LotsEver++));
        var lot = new Lot { Id = id, CreatedAt = Stamp, Terms = terms, Pooled = account.Pooled, FromTransfer = fromTransfer };
        account.Lots.Add(lot);
        LotIds.Add(id);
        return lot;
    }

    /// <summary>The one way in which value moves. A lot that dies by it leaves the account.</summary>
    public void Post(Account from, Column fromColumn, Lot fromLot, Account to, Column toColumn, Lot toLot, BigInteger amount)
    {
        Add(from, fromColumn, fromLot, -amount);
        Add(to, toColumn, toLot, amount);
        if (from != to)
        {
            to.Lifetime = BigInteger.Min(TenantBooks.Max, to.Lifetime + amount);
            toLot.Initial = BigInteger.Min(TenantBooks.Max, toLot.Initial + amount);
        }

        if (!fromLot.Live)
        {
            from.Lots.Remove(fromLot);
            from.Dead = from.Dead.SetItem(fromLot.Id, fromLot);
        }

        Movements.Add(new(from.Wallet, fromColumn, fromLot.Id, to.Wallet, toColumn, toLot.Id, from.Asset, amount));
    }

    private static void Add(Account account, Column column, Lot lot, BigInteger amount)
    {
        if (column == Column.Available)
        {
            account.Available += amount;
            lot.Available += amount;
        }
        else
        {
            account.Reserved += amount;
            lot.Reserved += amount;
        }
    }
}
