using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Timers;

namespace PhoenixCore.Ledger.Facts;

internal sealed unsafe partial class Applier
{
    /// <summary>Lots that the postings make have the terms of the lots they come from.</summary>
    private const int Inherit = -1;

    /// <param name="terms">Interned terms of lots that the postings make; or <see cref="Inherit"/>.</param>
    private void ApplyPostings(PartHeader* part, Posting* posting, in FactContext context, int entryOrdinal, int terms)
    {
        _depleted = 0;
        int left = part->Postings;
        while (left > 0)
        {
            ApplyPosting(part->Kind, posting, context, entryOrdinal, terms);
            posting = unchecked(posting + 1);
            entryOrdinal += 2;
            if (--left == 0) break;
            var run = RunOf(posting, left);
            if (run == 0) continue;
            ApplyRun(posting, run, context, entryOrdinal);
            posting = unchecked(posting + run);
            entryOrdinal += 2 * run;
            left -= run;
        }

        FreeDepleted();
    }

    private void FreeDepleted()
    {
        while (_depleted != 0)
        {
            var lot = _depleted;
            var row = _state.Lots.Read(lot);
            _depleted = row->Next;
            if (row->Counters != 0) FreeCounters(row);
            _state.Lots.Free(lot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ApplyPosting(PartKind kind, Posting* posting, in FactContext context, int entryOrdinal, int terms)
    {
        var amount = posting->Amount;
        var debit = _state.Accounts.Write(posting->DebitAccount);
        var source = _state.Lots.Write(posting->DebitLotHandle);
        Invariant.That(debit->Wallet == posting->DebitWallet && source->Number == posting->DebitLot && debit->LastEntry == posting->DebitPrevious);
        if (posting->Has(PostingFlags.DebitReserved))
        {
            debit->Reserved -= amount;
            source->Reserved -= amount;
            if (debit->Reserved == 0) debit->Flags &= ~AccountFlags.Holds;
            Invariant.That(debit->Reserved == posting->DebitAfter);
        }
        else
        {
            var before = debit->Available;
            var after = before - amount;
            debit->Available = after;
            source->Available -= amount;
            Invariant.That(debit->Available == posting->DebitAfter);
            if (Int128.IsNegative(after) && (debit->Flags & AccountFlags.System) == 0) Overdraw(debit->Asset, before, after);
        }

        debit->LastEntry = Numbers.Of(context.Sequence, entryOrdinal);
        Credit(kind, posting, context, entryOrdinal, terms, source);
        if (source->Available + source->Reserved == 0 && (source->Flags & LotFlags.Pooled) == 0) Deplete(posting->DebitLotHandle, source, debit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Credit(PartKind kind, Posting* posting, in FactContext context, int entryOrdinal, int terms, LotRow* source)
    {
        if ((posting->Flags & (PostingFlags.CreditAccountCreated | PostingFlags.CreditLotCreated)) != 0) MakeReceiver(kind, posting, context, terms, source);
        var amount = posting->Amount;
        var credit = _state.Accounts.Write(posting->CreditAccount);
        var target = _state.Lots.Write(posting->CreditLotHandle);
        Invariant.That(credit->Wallet == posting->CreditWallet && target->Number == posting->CreditLot && credit->LastEntry == posting->CreditPrevious);
        if (posting->Has(PostingFlags.CreditReserved))
        {
            credit->Reserved += amount;
            target->Reserved += amount;
            credit->Flags |= AccountFlags.Holds;
            Invariant.That(credit->Reserved == posting->CreditAfter);
        }
        else
        {
            var before = credit->Available;
            var after = before + amount;
            credit->Available = after;
            target->Available += amount;
            Invariant.That(credit->Available == posting->CreditAfter);
            if (Int128.IsNegative(before) && (credit->Flags & AccountFlags.System) == 0) Overdraw(credit->Asset, before, after);
        }

        credit->LastEntry = Numbers.Of(context.Sequence, entryOrdinal + 1);
        if (posting->CreditAccount == posting->DebitAccount) return;

        // Two totals that only grow: they stop at the bound instead of overflowing.
        credit->Lifetime = Grown(credit->Lifetime, amount);
        if ((target->Flags & LotFlags.Pooled) == 0) target->Initial = Grown(target->Initial, amount);
    }

    /// <summary>An account's available column was or is below zero.</summary>
    private void Overdraw(int asset, Int128 before, Int128 after) => _state.Assets.Write(asset)->Overdrawn += (after < 0 ? -after : 0) - (before < 0 ? -before : 0);

    /// <summary>Both at most <see cref="LedgerLimits.UnitsMax"/> and not negative, so that their sum fits unsigned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Int128 Grown(Int128 total, Int128 amount)
    {
        unchecked
        {
            var sum = (UInt128)total + (UInt128)amount;
            return sum > (UInt128)LedgerLimits.UnitsMax ? LedgerLimits.UnitsMax : (Int128)sum;
        }
    }

    private void MakeReceiver(PartKind kind, Posting* posting, in FactContext context, int terms, LotRow* source)
    {
        var pooled = posting->Has(PostingFlags.CreditPooled);
        if (posting->Has(PostingFlags.CreditAccountCreated))
        {
            var wallet = _state.FindWallet(context.Tenant, posting->CreditWallet);
            Invariant.That(MakeAccount(wallet, posting->Asset, posting->CreditLot) == posting->CreditAccount);
        }

        var handle = MakeLot(posting->CreditAccount, posting->CreditLot, pooled ? LotFlags.Pooled : kind == PartKind.Credited ? LotFlags.None : LotFlags.FromTransfer, context.Stamp);
        Invariant.That(handle == posting->CreditLotHandle);
        var inherited = terms != Inherit ? terms : pooled ? 0 : source->Terms;
        if (inherited != 0) HoldTerms(handle, inherited);
    }

    private int MakeAccount(int walletHandle, int asset, ulong number)
    {
        var wallet = _state.Wallets.Write(walletHandle);
        var handle = _state.Accounts.Allocate();
        var account = _state.Accounts.Write(handle);
        account->Wallet = wallet->Number;
        account->Asset = asset;
        account->Flags = Decisions.Decider.FlagsOf(wallet);
        account->Number = number;
        account->WalletHandle = walletHandle;
        account->NextDue = long.MaxValue;
        account->NextOfWallet = wallet->FirstAccount;
        wallet->FirstAccount = handle;
        _state.AccountIndex.Insert(LedgerState.AccountHash(wallet->Number, asset), handle);
        return handle;
    }

    private int MakeLot(int accountHandle, ulong number, LotFlags flags, long stamp)
    {
        var handle = _state.Lots.Allocate(accountHandle);
        var lot = _state.Lots.Write(handle);
        var account = _state.Accounts.Write(accountHandle);
        lot->Number = number;
        lot->Account = accountHandle;
        lot->Flags = flags;
        lot->CreatedAt = stamp;
        lot->Previous = account->LastLot;
        if (account->LastLot != 0) _state.Lots.Write(account->LastLot)->Next = handle;
        else account->FirstLot = handle;
        account->LastLot = handle;
        account->LotCount++;
        return handle;
    }

    private void HoldTerms(int lotHandle, int terms)
    {
        var row = _state.Terms.Write(terms);
        row->Lots++;
        var lot = _state.Lots.Write(lotHandle);
        lot->Terms = terms;
        if (row->IsGoverned) _state.Accounts.Write(lot->Account)->Flags |= AccountFlags.LotPolicies;
        if (row->ExpiresAt == 0) return;
        lot->Timer = _state.Timers.Set(TimerOwner.Lot, lotHandle, row->ExpiresAt);
        Expect(lot->Account, row->ExpiresAt);
    }

    /// <summary>Something on the account expires at that time.</summary>
    private void Expect(int accountHandle, long due)
    {
        var account = _state.Accounts.Write(accountHandle);
        account->Flags |= AccountFlags.MayExpire;
        if (due < account->NextDue) account->NextDue = due;
    }

    /// <summary>Takes an empty lot out of its account; its row is given back at the end of the part.</summary>
    private void Deplete(int handle, LotRow* lot, AccountRow* account)
    {
        if (account->FirstLot == handle)
        {
            account->FirstLot = lot->Next; // whose Previous goes stale: nobody looks behind the first
            if (lot->Next == 0) account->LastLot = 0;
        }
        else
        {
            _state.Lots.Write(lot->Previous)->Next = lot->Next;
            if (lot->Next != 0) _state.Lots.Write(lot->Next)->Previous = lot->Previous;
            else account->LastLot = lot->Previous;
        }

        if (--account->LotCount == 0) account->Flags &= ~AccountFlags.LotPolicies;
        if (lot->Terms != 0) ForgetTerms(lot);
        lot->Next = _depleted;
        _depleted = handle;
    }

    private void ForgetTerms(LotRow* lot)
    {
        if (lot->Timer != 0) _state.Timers.Cancel(lot->Timer);
        ReleaseTerms(lot->Terms);
    }

    /// <summary>The handle of the terms of a part's new lot, made when no lot has the same; 0 = plain.</summary>
    /// <param name="source">What their texts are found by.</param>
    private int InternTerms(PartHeader* part, CreditedBody* body, ulong source, in FactContext context)
    {
        var wanted = TermsOf(body, source, context);
        if ((part->Flags | body->AttributesLo | body->AttributesHi | body->RestrictionsLo | body->RestrictionsHi) != 0) return InternGovernedTerms(part, wanted);
        return wanted.ExpiresAt == 0 ? 0 : InternTerms(wanted, null, 0, null, 0);
    }

    /// <summary>The terms that a credit's body holds: without a policy, and without the texts that rules read.</summary>
    private static TermsRow TermsOf(CreditedBody* body, ulong source, in FactContext context) => new()
    {
        ExpiresAt = body->ExpiresAt,
        AttributesLo = body->AttributesLo,
        AttributesHi = body->AttributesHi,
        RestrictionsLo = body->RestrictionsLo,
        RestrictionsHi = body->RestrictionsHi,
        Tenant = context.Tenant,
        Source = source,
    };

    private static ulong TermsHash(TermsRow* row) => Mix.Of(Mix.Of((ulong)row->ExpiresAt, row->Tenant), Mix.Of(Mix.Of(row->AttributesLo, row->RestrictionsLo), Mix.Of(row->Policy, (uint)row->Version)));

    private readonly struct TermsMatch(RowPool<TermsRow> rows, TermsRow wanted) : IRowMatch
    {
        public bool Matches(int handle)
        {
            var row = rows.Read(handle);
            return row->ExpiresAt == wanted.ExpiresAt && row->Tenant == wanted.Tenant
                && row->AttributesLo == wanted.AttributesLo && row->AttributesHi == wanted.AttributesHi
                && row->RestrictionsLo == wanted.RestrictionsLo && row->RestrictionsHi == wanted.RestrictionsHi
                && row->Policy == wanted.Policy && row->Version == wanted.Version;
        }
    }
}
