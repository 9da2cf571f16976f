using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Shard.History.Search;

namespace PhoenixCore.Shard.History.Lots;

/// <summary>What the journal knows of lots, also of those that the live state has forgotten. One thread.</summary>
public sealed class LotHistory(ReadBudget budget)
{
    private readonly HeldFact _fact = new();

    /// <summary>False when the tenant never had such a lot.</summary>
    public bool TryFindOrigin(uint tenant, ulong lot, out LotOrigin origin)
    {
        origin = default;
        if (lot == 0 || !_fact.TryRead(budget.Reader, Numbers.SequenceOf(lot)) || _fact.Context.Tenant != tenant) return false;
        foreach (var part in _fact.Parts)
        {
            if (TryFindIn(part, lot, out origin)) return true;
        }

        return false;
    }

    /// <summary>How it ended; false when nothing says that it has.</summary>
    /// <param name="head">Of its account.</param>
    public bool TryFindEnd(ulong lot, in LotOrigin origin, AccountHead head, out LotEnd end)
    {
        end = default;
        if (!new EndingSearch(budget).TryFind(HistoryKeys.LotDepleted(lot), origin.Made.Sequence, head, fact => Depletes(fact, lot), _fact)) return false;

        var (last, lastEntry) = (_fact.Context, EntriesOfFact.Last(_fact, head.Account, EntryColumn.Any).Number);
        Int128 initial = 0;
        var expired = false;
        for (var walk = lastEntry; Numbers.SequenceOf(walk) >= origin.Made.Sequence; Invariant.That(EntriesOfFact.TryGoBack(_fact, head.Account, out walk)))
        {
            budget.Read(Numbers.SequenceOf(walk), _fact);
            foreach (var part in _fact.Parts)
            {
                expired |= part.Kind == PartKind.LotExpired && part.Body<LotExpiredBody>().Number == lot;
                foreach (ref readonly var posting in part.Postings)
                {
                    if (posting.CreditLot == lot && posting.CreditAccount != posting.DebitAccount) initial = Grown(initial, posting.Amount);
                }
            }
        }

        end = new LotEnd(last, lastEntry, initial, expired);
        return true;
    }

    private static Int128 Grown(Int128 initial, Int128 amount) => initial > LedgerLimits.UnitsMax - amount ? LedgerLimits.UnitsMax : initial + amount;

    private static bool Depletes(HeldFact fact, ulong lot)
    {
        foreach (var part in fact.Parts)
        {
            foreach (ref readonly var posting in part.Postings)
            {
                if (posting.DebitLot == lot && posting.Has(PostingFlags.DebitLotDepleted)) return true;
            }
        }

        return false;
    }

    private bool TryFindIn(in FactPart part, ulong lot, out LotOrigin origin)
    {
        origin = default;
        if (part.Kind == PartKind.AssetCreated)
        {
            var made = part.Body<AssetCreatedBody>();
            var ordinal = lot - made.FirstAccount;
            if (lot < made.FirstAccount || ordinal > 3) return false;
            origin = new LotOrigin(new AccountName(0, made.Handle), (int)ordinal + 1, _fact.Context, part.Kind, 0, 0);
            return true;
        }

        if (part.Kind == PartKind.BoundsSet)
        {
            var bounds = part.Body<BoundsSetBody>();
            const int WithLot = BoundsSetBody.AccountCreated | BoundsSetBody.Pooled;
            if ((bounds.Flags & WithLot) != WithLot || bounds.AccountNumber != lot) return false;
            origin = new LotOrigin(new AccountName(bounds.Wallet, bounds.Asset), 0, _fact.Context, part.Kind, 0, 0);
            return true;
        }

        foreach (ref readonly var posting in part.Postings)
        {
            if (posting.CreditLot != lot || !posting.Has(PostingFlags.CreditLotCreated)) continue;
            var isCredit = part.Kind == PartKind.Credited;
            var from = isCredit || posting.Has(PostingFlags.CreditPooled) ? 0 : posting.DebitLot;
            origin = new LotOrigin(new AccountName(posting.CreditWallet, posting.Asset), 0, _fact.Context, part.Kind, from, isCredit ? part.Body<CreditedBody>().ExpiresAt : 0);
            return true;
        }

        return false;
    }
}
