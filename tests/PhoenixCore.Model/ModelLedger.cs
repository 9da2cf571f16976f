using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;
using PhoenixCore.Model.Rules;
using PhoenixCore.Model.Rules.Policies;

namespace PhoenixCore.Model;

/// <summary>The naive ledger of one tenant: obvious and slow, a second opinion on the real one. Single-threaded.</summary>
/// <remarks>
/// Ordinals, all from 0, never used twice:
/// <list type="bullet">
/// <item>wallet: counted as wallets are made; 0–3 are liability, consumption, breakage and adjustment, then <c>house_wallet</c> if asked for;</item>
/// <item>reservation: counted as accepted <see cref="CreateReservation"/>s make them, those inside accepted batches included, in order of operations;</item>
/// <item>transaction: counted as accepted credits, legs of transfers and captures to a wallet are made, one count for all;</item>
/// <item>lot: counted in the order in which postings of facts make them, expiry facts (which come before the command's own) included. A pooled
/// account's one lot is made with the account: the system wallets' four with the asset, others by the first posting that credits the account
/// or by <see cref="SetBounds"/>.</item>
/// </list>
/// A refused command uses up no ordinal. <see cref="NameOf"/> gives a lot's place, which does not depend on the order across accounts.
/// </remarks>
public sealed class ModelLedger
{
    private readonly bool _provisionsIso;
    private readonly Dictionary<string, RememberedKey> _keys = [];
    private TenantBooks _books = new();
    private long _lastStamp = long.MinValue;

    /// <summary>A tenant with its system wallets.</summary>
    /// <param name="withHouse">Also a pooled wallet <c>house_wallet</c>.</param>
    /// <param name="provisionsIso">Codes of ISO 4217 are created when a wallet's default asset or a credit names them.</param>
    public ModelLedger(bool withHouse = true, bool provisionsIso = true)
    {
        _provisionsIso = provisionsIso;
        var birth = new Draft(_books, _lastStamp);
        foreach (var externalId in SystemWallets.All)
        {
            AdminRules.AddWallet(birth, externalId, pooled: true, system: true, defaultAsset: null);
        }

        if (withHouse)
        {
            AdminRules.AddWallet(birth, "house_wallet", pooled: true, system: false, defaultAsset: null);
        }
    }

    private ModelLedger(ModelLedger other)
    {
        _provisionsIso = other._provisionsIso;
        _books = other._books.Clone();
        _books.Tally = new();
        _lastStamp = other._lastStamp;
    }

    /// <summary>Decides a command: key, deadline, expiries of the accounts it names, new ISO assets, then its own checks.</summary>
    /// <param name="command">Lists within the law's limits.</param>
    /// <param name="stamp">Unix nanoseconds, not before the last one.</param>
    /// <exception cref="ArgumentException">The stamp goes back, or a list is empty or too long: what parsing refuses before any ledger sees it.</exception>
    public Outcome Execute(ModelCommand command, long stamp)
    {
        if (stamp < _lastStamp)
        {
            throw new ArgumentException("Stamps never decrease.", nameof(stamp));
        }

        _lastStamp = stamp;
        if (command.Key is { } key && _keys.TryGetValue(key, out var remembered))
        {
            return Again(remembered, command.Fingerprint);
        }

        if (command.Deadline <= stamp)
        {
            return new(ModelResult.DeadlineExceeded);
        }

        var outcome = command switch
        {
            Sweep _ => new(ModelResult.Accepted) { Expiries = Sweep(stamp) },
            KeyStatus question => Answer(question),
            _ => Decide(command, stamp),
        };
        if (command.Key is { } carried)
        {
            _keys.Add(carried, new(command.Fingerprint, outcome));
        }

        return outcome;
    }

    /// <summary>Answers what an operation would be told; changes nothing but what is due on the accounts that the question names.</summary>
    /// <param name="question">About a credit, a debit, a transfer or a reservation.</param>
    /// <param name="stamp">Unix nanoseconds, not before the last one.</param>
    public Evaluation Evaluate(EvaluationQuestion question, long stamp)
    {
        _lastStamp = Math.Max(_lastStamp, stamp);
        ExpiryRules.Expire(_books, [.. ExpiryRules.Named(_books, question)], _lastStamp);
        return EvaluationRules.Evaluate(new Draft(_books.Clone(), _lastStamp), question);
    }

    /// <summary>Expires all that is due: reservations of the whole tenant by (expiry, ordinal), then lots by (expiry, ordinal).</summary>
    /// <param name="stamp">Unix nanoseconds, not before the last one.</param>
    public IReadOnlyList<ExpiryFact> Sweep(long stamp)
    {
        _lastStamp = Math.Max(_lastStamp, stamp);
        return ExpiryRules.Expire(_books, [.. _books.Accounts], _lastStamp);
    }

    /// <summary>The ledger begins again from what was kept: its clock may stand earlier than the last question it answered.</summary>
    /// <param name="stamp">Unix nanoseconds, of the last command that was kept.</param>
    public void Resume(long stamp) => _lastStamp = stamp;

    /// <summary>All accounts in order of creation, the system's included.</summary>
    public IReadOnlyList<Balance> Balances() =>
        [.. _books.Accounts.Select(a => new Balance(a.Wallet, a.Asset, a.Available, a.Reserved, a.Lifetime, a.Floor, a.Ceiling))];

    /// <summary>The live lots of an account in creation order; empty for an account that does not exist.</summary>
    public IReadOnlyList<LotView> Lots(string wallet, string asset) =>
        _books.Account(wallet, asset) is not { } account ? [] : [.. account.Lots.Select(lot => new LotView(
            lot.Id, lot.Available, lot.Reserved, lot.Initial, lot.Terms.ExpiresAt, lot.Terms.Attributes, lot.Expired, lot.FromTransfer) { Pin = lot.Terms.Pin, Remaining = lot.Remaining, Restricted = lot.Terms.Restrictions is not null })];

    /// <summary>All reservations ever made, by ordinal.</summary>
    public IReadOnlyList<ReservationView> Reservations() =>
        [.. _books.Pending.Values.Concat(_books.Finished.Values).OrderBy(r => r.Id)
            .Select(r => new ReservationView(r.Id, r.Wallet, r.Asset, r.Status, r.Held, r.ExpiresAt, r.Captured, r.Released))];

    /// <summary>All PENDING reservations, by ordinal.</summary>
    public IReadOnlyList<ReservationView> PendingReservations() =>
        [.. _books.Pending.Values.Select(r => new ReservationView(r.Id, r.Wallet, r.Asset, r.Status, r.Held, r.ExpiresAt, r.Captured, r.Released))];

    /// <summary>All wallets by ordinal.</summary>
    public IReadOnlyList<WalletView> Wallets() => [.. _books.Wallets.Values.OrderBy(wallet => wallet.Id)];

    /// <summary>All assets by code, in ordinal order of characters.</summary>
    public IReadOnlyList<AssetView> Assets() => [.. _books.Assets.Values];

    /// <summary>All policies by ordinal; 0 is <c>pol_default</c>.</summary>
    public IReadOnlyList<PolicyView> Policies() => [.. _books.Policies.OrderBy(pair => pair.Key).Select(pair => new PolicyView(pair.Key, pair.Value.Status, pair.Value.Latest))];

    /// <summary>What is bound to a wallet, in order.</summary>
    public IReadOnlyList<int> PoliciesOfWallet(string wallet) => _books.WalletPolicies.GetValueOrDefault(wallet) ?? [];

    /// <summary>What is bound to an asset, in order.</summary>
    public IReadOnlyList<int> PoliciesOfAsset(string asset) => _books.AssetPolicies.GetValueOrDefault(asset) ?? [];

    /// <summary>How often rules of each type allowed and denied, layers and lots counted one by one; of expiry rules: did not hold and held.</summary>
    public IReadOnlyDictionary<string, (int Allowed, int Denied)> RuleTally => _books.Tally.Types;

    /// <summary>How many lots were ever made: the next lot's ordinal.</summary>
    public int LotsEver => _books.LotNames.Count;

    /// <summary>How many reservations were ever made: the next reservation's ordinal.</summary>
    public int ReservationsEver => _books.NextReservation;

    /// <summary>How many credits, legs of transfers and captures to a wallet were ever made: the next one's ordinal.</summary>
    public int TransactionsEver => _books.Originals.Count;

    /// <summary>What a credit (or, when it is none, a transfer or capture) has left that is not reversed; null when there is no such transaction.</summary>
    public (bool IsCredit, BigInteger Left)? Reversible(int transaction) =>
        _books.Originals.TryGetValue(transaction, out var original) ? (original.IsCredit, original.Left) : null;

    /// <summary>The place of a lot, dead or alive; null when no such lot was made.</summary>
    public LotName? NameOf(int lot) => _books.LotNames.GetValueOrDefault(lot);

    /// <summary>Checks everything that is always true.</summary>
    /// <exception cref="InvalidOperationException">Something is not: the model is wrong. The message says what.</exception>
    public void AssertInvariants() => Auditor.Audit(_books);

    /// <summary>A copy that shares nothing that changes, and remembers no keys.</summary>
    internal ModelLedger Fork() => new(this);

    private static Outcome Again(RememberedKey remembered, ulong fingerprint) => remembered switch
    {
        { Outcome: null } => new(ModelResult.IdempotencyKeyClosed),
        _ when remembered.Fingerprint != fingerprint => new(ModelResult.IdempotencyConflict),
        _ => remembered.Outcome with { Duplicate = true, Expiries = [] },
    };

    private Outcome Decide(ModelCommand command, long stamp)
    {
        var expiries = ExpiryRules.Expire(_books, [.. ExpiryRules.Named(_books, command)], stamp);
        if (_provisionsIso)
        {
            Provision(command, new Draft(_books, stamp));
        }

        // One operation changes nothing before its last check; several may be refused half done, so they get a copy to spoil.
        var several = command is AtomicBatch or CreateTransfer { Legs.Count: > 1 };
        var draft = new Draft(several ? _books.Clone() : _books, stamp);
        var result = Rulebook.Decide(draft, command);
        if (result != ModelResult.Accepted)
        {
            return draft.Refused(result) with { Expiries = expiries };
        }

        _books = draft.Books;
        return draft.Accepted() with { Expiries = expiries };
    }

    private static void Provision(ModelCommand command, Draft draft)
    {
        var code = command switch
        {
            CreateWallet c => c.DefaultAsset,
            CreateCredit c => c.Asset,
            _ => null,
        };
        if (code is not null && IsoCurrencies.Scales.TryGetValue(code, out var scale) && !draft.Books.Assets.ContainsKey(code))
        {
            draft.AddAsset(code, scale);
        }

        foreach (var operation in (command as AtomicBatch)?.Operations ?? [])
        {
            Provision(operation, draft);
        }
    }

    private Outcome Answer(KeyStatus question)
    {
        if (!_keys.TryGetValue(question.OfKey, out var remembered))
        {
            if (question.Close)
            {
                _keys.Add(question.OfKey, new(0, null));
            }

            return new(ModelResult.Accepted) { KeyState = question.Close ? KeyState.Closed : KeyState.Unknown };
        }

        if (remembered.Outcome is null)
        {
            return new(ModelResult.Accepted) { KeyState = KeyState.Closed };
        }

        return new(ModelResult.Accepted) { KeyState = KeyState.Known, Original = remembered.Outcome };
    }
}
