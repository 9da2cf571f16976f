using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    /// <summary>The command's own texts, terms for as many lots as an operation has slices, and what rules read of them.</summary>
    private const int ReturnTextsMax = 32_768 + (LedgerLimits.LotSlicesMax * 128) + LedgerLimits.ReturnedBytesMax;

    // Parts of slices that the reversal being decided gives back: which slice, the lot that received it, how much.
    private readonly (int Slice, int Lot, Int128 Amount)[] _givenBack = new (int, int, Int128)[LedgerLimits.LotSlicesMax];
    private readonly byte* _returnTexts;
    private int _givenBackCount;

    private bool TryDecideDueOfReversal(Command* command, long stamp, ref FactWriter writer)
    {
        FindReversed(command, out var giver, out var taker);
        return (giver != 0 && TryDecideDueOf(giver, stamp, ref writer)) || (taker != 0 && command->Kind == CommandKind.ReverseTransfer && TryDecideDueOf(taker, stamp, ref writer));
    }

    /// <summary>Both accounts, 0 when there is no such original: accounts never go away.</summary>
    private void FindReversed(Command* command, out int giver, out int taker)
    {
        (giver, taker) = (0, 0);
        if (command->ArgumentCount is 0 or > LedgerLimits.LotSlicesMax || _state.FindWallet(command->Tenant, command->Wallet) == 0) return;
        var asset = ((OriginalSlice*)command->Arguments)->Asset;
        giver = _state.FindAccount(command->Wallet, asset);
        taker = command->Kind == CommandKind.ReverseCredit ? _state.Assets.Read(asset)->Liability : _state.FindAccount(command->Other, asset);
    }

    private LedgerResult DecideCreditReversal(Command* command, ref FactWriter writer)
    {
        var checks = CheckReversal(command, out var giver, out var taker, out var amount, out var total);
        if (checks != LedgerResult.Accepted) return checks;
        var account = _state.Accounts.Read(giver);
        var liability = _state.Accounts.Read(taker);
        BeginReversal(PartKind.CreditReversed, command, account, liability, amount, total, ref writer);
        var flow = _flow.Start(account->Asset, giver, taker, liability->Wallet, pooled: true, mayMerge: false);
        flow.Move(_givenBack[0].Lot, amount, debitReserved: false, ref writer);
        GiveCountersBack(command, total, ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private LedgerResult DecideTransferReversal(Command* command, long stamp, ref FactWriter writer)
    {
        var checks = CheckReversal(command, out var giver, out var taker, out var amount, out var total);
        if (checks != LedgerResult.Accepted) return checks;
        var account = _state.Accounts.Read(giver);
        var source = _state.Accounts.Read(taker);
        if (ReturnedBytes(command, source, stamp) > LedgerLimits.ReturnedBytesMax) return LedgerResult.TooManyLots;
        BeginReversal(PartKind.TransferReversed, command, account, source, amount, total, ref writer);
        var flow = _flow.Start(account->Asset, giver, taker, source->Wallet, (source->Flags & AccountFlags.Pooled) != 0, mayMerge: false);
        _forfeits = false;
        var extrasBytes = command->ExtrasBytes;
        Unsafe.CopyBlockUnaligned(_returnTexts, ExtrasOf(command), (uint)extrasBytes);
        for (var i = 0; i < _givenBackCount; i++) GiveBack(command, i, source, stamp, flow, ref extrasBytes, ref writer);
        GiveCountersBack(command, total, ref writer);
        writer.End(_returnTexts, extrasBytes);
        return LedgerResult.Accepted;
    }

    /// <summary>What limits counted for what is undone now; operations when nothing is left of the original.</summary>
    /// <param name="total">All that is reversed of it.</param>
    private void GiveCountersBack(Command* command, Int128 total, ref FactWriter writer)
    {
        var slices = (OriginalSlice*)command->Arguments;
        if (slices->Charges == 0) return;
        for (var i = 0; i < command->ArgumentCount; i++) total -= slices[i].Amount;
        var charges = (OriginalCharge*)(slices + command->ArgumentCount);
        _desk.Begin(null, command->Tenant, _stamp, slices->Asset);
        for (var i = 0; i < slices->Charges; i++)
        {
            Int128 amount = total == 0 ? charges[i].CountsOperations : 0;
            for (var j = 0; j < _givenBackCount && charges[i].CountsOperations == 0; j++)
            {
                var slice = _givenBack[j].Slice;
                if (slice >= charges[i].First && slice < charges[i].End && (charges[i].From == 0 || slices[slice].From == charges[i].From)) amount += _givenBack[j].Amount;
            }

            _desk.GiveBack(charges[i], amount);
        }

        _desk.WriteTo(ref writer);
    }

    /// <summary>What rules read of the lots that are made again.</summary>
    private int ReturnedBytes(Command* command, AccountRow* taker, long stamp)
    {
        var bytes = 0;
        for (var i = 0; i < _givenBackCount && bytes <= LedgerLimits.ReturnedBytesMax; i++)
        {
            var original = (OriginalSlice*)command->Arguments + _givenBack[i].Slice;
            if (original->Terms.ExpiresAt != 0 && original->Terms.ExpiresAt <= stamp) continue;
            if (_lots.Find(taker, original->From) == 0) bytes += original->AttributesBytes + original->RestrictionsBytes;
        }

        return bytes;
    }

    private static void BeginReversal(PartKind kind, Command* command, AccountRow* giver, AccountRow* taker, Int128 amount, Int128 total, ref FactWriter writer)
    {
        *writer.Begin<ReversedBody>(kind) = new ReversedBody { Original = command->Subject, Wallet = giver->Wallet, Other = taker->Wallet, Amount = amount, Total = total, Asset = giver->Asset };
    }

    /// <summary>Into the old lot, or a new one with its terms, or to breakage where either has expired.</summary>
    private void GiveBack(Command* command, int index, AccountRow* taker, long stamp, PostingFlow flow, ref int extrasBytes, ref FactWriter writer)
    {
        var (slice, received, amount) = _givenBack[index];
        var original = (OriginalSlice*)command->Arguments + slice;
        var takenBefore = writer.TakenOut(received);
        var old = _lots.Find(taker, original->From);
        var hasExpired = old != 0 ? (_state.Lots.Read(old)->Flags & LotFlags.Expired) != 0 : original->Terms.ExpiresAt != 0 && original->Terms.ExpiresAt <= stamp;
        if (hasExpired)
        {
            Forfeit(received, amount, debitReserved: false, takenBefore, taker->Asset, flow, ref writer);
            return;
        }

        if (old != 0)
        {
            flow.Into(old);
        }
        else
        {
            flow.IntoNewLot();
            if (original->TermsSource != 0 || original->Policy != 0) AddReturnedTerms(original, index, ref extrasBytes);
        }

        flow.Move(received, amount, debitReserved: false, ref writer, takenBefore);
    }

    private void AddReturnedTerms(OriginalSlice* original, int posting, ref int extrasBytes)
    {
        var terms = new ReturnedTerms { Posting = posting, Source = original->TermsSource, Terms = original->Terms };
        var room = new Span<byte>(_returnTexts + extrasBytes, ReturnTextsMax - extrasBytes);
        extrasBytes += room.Length - Extras.Write(room, ExtraTag.ReturnedTerms, MemoryMarshal.AsBytes(new ReadOnlySpan<ReturnedTerms>(ref terms))).Length;
        if (original->Policy == 0 && original->AttributesBytes == 0 && original->RestrictionsBytes == 0) return;

        Invariant.That(original->Policy == 0 || _state.Policies.Read(_state.PolicyVersions.Read(original->VersionHandle)->Policy)->Number == original->Policy);
        var bytes = sizeof(ReturnedLot) + original->AttributesBytes + original->RestrictionsBytes;
        var item = _returnTexts + extrasBytes;
        Extras.WriteHeader(new Span<byte>(item, Extras.ItemHeaderBytes), ExtraTag.ReturnedLot, bytes);
        item += Extras.ItemHeaderBytes;
        Unsafe.WriteUnaligned(item, new ReturnedLot
        {
            Policy = original->Policy,
            Version = original->Version,
            VersionHandle = original->VersionHandle,
            AttributesBytes = original->AttributesBytes,
            RestrictionsBytes = original->RestrictionsBytes,
            Wagering = original->Wagering,
        });
        item += sizeof(ReturnedLot);
        new ReadOnlySpan<byte>(original->Attributes, original->AttributesBytes).CopyTo(new Span<byte>(item, original->AttributesBytes));
        new ReadOnlySpan<byte>(original->Restrictions, original->RestrictionsBytes).CopyTo(new Span<byte>(item + original->AttributesBytes, original->RestrictionsBytes));
        extrasBytes += Extras.ItemHeaderBytes + bytes;
    }

    /// <summary>The checks of both reversals; fills what is given back.</summary>
    /// <param name="total">All that is reversed of the original, with this.</param>
    private LedgerResult CheckReversal(Command* command, out int giver, out int taker, out Int128 amount, out Int128 total)
    {
        (amount, total) = (0, 0);
        FindReversed(command, out giver, out taker);
        if (giver == 0 || taker == 0) return LedgerResult.TransactionNotFound;

        var before = _state.FindMemo(command->Subject, MemoKind.Reversal) is var memo and not 0 ? _state.Memos.Read(memo)->Reversed : 0;
        Int128 left = -before;
        for (var i = 0; i < command->ArgumentCount; i++) left += ((OriginalSlice*)command->Arguments)[i].Amount;
        if (left == 0) return LedgerResult.AlreadyReversed;
        amount = command->Has(CommandFlags.HasAmount) ? command->Amount : left;
        if (amount < 1) return LedgerResult.InvalidAmount;
        if (amount > left) return LedgerResult.AlreadyReversed;
        total = before + amount;

        var account = _state.Accounts.Read(giver);
        if (((account->Flags | _state.Accounts.Read(taker)->Flags) & AccountFlags.Closed) != 0) return LedgerResult.WalletClosed;
        var covered = FindGivenBack(command, account, before, amount);
        return covered != LedgerResult.Accepted ? covered : Room(taker, amount);
    }

    /// <summary>The last slice first, behind what was reversed before; each from the lot that received it.</summary>
    private LedgerResult FindGivenBack(Command* command, AccountRow* account, Int128 skip, Int128 amount)
    {
        _givenBackCount = 0;
        var pooled = (account->Flags & AccountFlags.Pooled) != 0;
        if (pooled && !_lots.CanPay(account, amount)) return LedgerResult.InsufficientBalance;
        if (pooled && command->Kind == CommandKind.ReverseTransfer && !_lots.MayOverdraw(account, amount)) return LedgerResult.BalanceWouldOverflow; // a credit's reversal takes back what was issued
        var slices = (OriginalSlice*)command->Arguments;
        for (var i = command->ArgumentCount - 1; amount > 0; i--)
        {
            var skipped = skip < slices[i].Amount ? skip : slices[i].Amount;
            skip -= skipped;
            var part = slices[i].Amount - skipped < amount ? slices[i].Amount - skipped : amount;
            if (part == 0) continue;
            amount -= part;
            var lot = _lots.Find(account, slices[i].To);
            if (lot == 0 || (!pooled && _state.Lots.Read(lot)->Available - GivenBackOf(lot) < part)) return LedgerResult.InsufficientBalance;
            _givenBack[_givenBackCount++] = (i, lot, part);
        }

        return LedgerResult.Accepted;
    }

    private Int128 GivenBackOf(int lot)
    {
        Int128 sum = 0;
        for (var i = 0; i < _givenBackCount; i++) sum += _givenBack[i].Lot == lot ? _givenBack[i].Amount : 0;
        return sum;
    }
}
