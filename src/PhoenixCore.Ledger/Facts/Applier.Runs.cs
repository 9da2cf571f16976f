using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Facts;

internal sealed unsafe partial class Applier
{
    /// <summary>Postings from here on that move value between the same two accounts into the same lot, all of it available: a payment out of several lots.</summary>
    private static int RunOf(Posting* posting, int left)
    {
        var count = 0;
        for (var next = posting; count < left; next = unchecked(next + 1), count++)
        {
            if ((next->Flags & ~PostingFlags.DebitLotDepleted) != 0 || next->CreditLotHandle != posting->CreditLotHandle
                || next->DebitAccount != posting->DebitAccount || next->CreditAccount != posting->CreditAccount) break;
        }

        return posting->DebitAccount == posting->CreditAccount ? 0 : count;
    }

    /// <summary>As <see cref="ApplyPosting"/> for each, but that both accounts are read and written once. The sums come to the same: what is overdrawn depends on the first and the last balance alone,
    /// and totals that stop at a bound stop there too.</summary>
    private void ApplyRun(Posting* posting, int count, in FactContext context, int entryOrdinal)
    {
        var debit = _state.Accounts.Write(posting->DebitAccount);
        var credit = _state.Accounts.Write(posting->CreditAccount);
        var target = _state.Lots.Write(posting->CreditLotHandle);
        var (debitBefore, creditBefore) = (debit->Available, credit->Available);
        var (debitAfter, creditAfter) = (debitBefore, creditBefore);
        var (debitLast, creditLast) = (debit->LastEntry, credit->LastEntry);
        Invariant.That(debit->Wallet == posting->DebitWallet && credit->Wallet == posting->CreditWallet && target->Number == posting->CreditLot);
        for (var left = count; left > 0; left--)
        {
            var amount = posting->Amount;
            var source = _state.Lots.Write(posting->DebitLotHandle);
            debitAfter -= amount;
            creditAfter += amount;
            Invariant.That(source->Number == posting->DebitLot && debitLast == posting->DebitPrevious && creditLast == posting->CreditPrevious);
            Invariant.That(debitAfter == posting->DebitAfter && creditAfter == posting->CreditAfter);
            var rest = source->Available - amount;
            source->Available = rest;
            if (rest + source->Reserved == 0 && (source->Flags & LotFlags.Pooled) == 0) Deplete(posting->DebitLotHandle, source, debit);
            debitLast = Numbers.Of(context.Sequence, entryOrdinal);
            creditLast = Numbers.Of(context.Sequence, entryOrdinal + 1);
            entryOrdinal += 2;
            posting = unchecked(posting + 1);
        }

        var moved = debitBefore - debitAfter;
        debit->Available = debitAfter;
        debit->LastEntry = debitLast;
        credit->Available = creditAfter;
        credit->LastEntry = creditLast;
        if (Int128.IsNegative(debitAfter) && (debit->Flags & AccountFlags.System) == 0) Overdraw(debit->Asset, debitBefore, debitAfter);
        if (Int128.IsNegative(creditBefore) && (credit->Flags & AccountFlags.System) == 0) Overdraw(credit->Asset, creditBefore, creditAfter);
        credit->Lifetime = Grown(credit->Lifetime, moved);
        target->Available += moved;
        if ((target->Flags & LotFlags.Pooled) == 0) target->Initial = Grown(target->Initial, moved);
    }
}
