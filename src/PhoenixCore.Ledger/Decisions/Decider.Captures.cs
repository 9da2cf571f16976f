using System.Buffers.Binary;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

// What policies have to say about captures.
internal sealed unsafe partial class Decider
{
    /// <summary>Largest part of an amount captured that may lie above what is held: the wallet's and the asset's policies grant it.</summary>
    private Int128 OvercaptureOf(ReservationRow* reservation)
    {
        var account = _state.Accounts.Read(reservation->Account);
        if (!IsGoverned(account->Flags, account->Asset)) return 0;
        var first = reservation->Totals == 0 ? reservation->Amount : _state.Totals.Read(reservation->Totals)->First;
        var scale = _state.Assets.Read(account->Asset)->Scale;
        var ofAsset = _desk.OvercaptureOf(_state.Assets.Read(account->Asset)->Binding, first, scale);
        var ofWallet = _desk.OvercaptureOf(_state.Wallets.Read(account->WalletHandle)->Binding, first, scale);
        return ofAsset > ofWallet ? ofAsset : ofWallet;
    }

    /// <summary>What creation could not know of a capture: an excess, a destination, another intent, more context. And the wager that it settles.</summary>
    /// <param name="excess">What lies above the held amount: it is taken here.</param>
    private LedgerResult GovernCapture(Command* command, ReservationRow* reservation, AccountRow* account, in Party to, Int128 amount, Int128 excess = default, bool keepsRest = false)
    {
        _desk.Begin(command, command->Tenant, _stamp, account->Asset);
        _desk.Recall(reservation->Memo);
        var hasDestination = command->Has(CommandFlags.HasDestination);
        var from = new Party { Number = account->Wallet, Account = reservation->Account };
        var commit = Ask(PolicyOperation.Commit, from, hasDestination ? to.Number : 0, amount);
        commit.CarriesAway = hasDestination && !_desk.IsWager;
        var asked = excess > 0 ? TakeExcess(reservation, from, commit, excess) : LedgerResult.Accepted;
        if (asked != LedgerResult.Accepted) return asked;
        _desk.ForgetRefusal(); // of lots that the excess stepped over: they refuse nothing
        if (hasDestination || _desk.HasIntent || _desk.HasContext)
        {
            commit.IsCapture = true;
            asked = _desk.AskLayers(commit);
            if (asked != LedgerResult.Accepted) return asked;
            _desk.AskLots(commit);
            if (!MayCapture(reservation, amount)) return LedgerResult.PolicyViolation;
            if (hasDestination && (asked = _desk.AskLayers(Ask(PolicyOperation.TransferIn, to, from.Number, amount))) != LedgerResult.Accepted) return asked;
        }

        _desk.SettleWager(reservation->Account, amount);
        if (!keepsRest) _desk.GiveBack(reservation, amount, isUnused: false);
        return _desk.Fits() ? LedgerResult.Accepted : LedgerResult.TooManyLots;
    }

    /// <summary>Asked, counted and taken as an increment of that size, but for the capture's destination and for the balance that it leaves.</summary>
    /// <param name="whole">The question about the whole capture.</param>
    private LedgerResult TakeExcess(ReservationRow* reservation, in Party from, in PolicyQuestion whole, Int128 excess)
    {
        var commit = whole;
        (commit.Amount, commit.Before) = (excess, PolicyOperation.Reserve);
        var reserve = Ask(PolicyOperation.Reserve, from, 0, excess);
        var asked = _desk.AskLayers(reserve);
        if (asked != LedgerResult.Accepted) return asked;
        asked = _desk.AskLayers(commit);
        if (asked != LedgerResult.Accepted) return asked;
        _desk.AskLots(reserve, commit);
        var taken = TakeGoverned(from.Account, excess, SelectionStrategy.Fifo, default);
        if (taken != LedgerResult.Accepted) return taken;
        return _lots.Count + reservation->SliceCount > LedgerLimits.LotSlicesMax ? LedgerResult.TooManyLots : LedgerResult.Accepted;
    }

    /// <param name="isAll">The reservation is captured at once, not in parts.</param>
    private void WriteCaptured(ReservationRow* reservation, in Party to, bool isAll, ref FactWriter writer)
    {
        _desk.WriteTo(ref writer);
        if (to.Is(AccountFlags.System)) return; // consumed: nothing to reverse
        _desk.WriteCarried(to.Number, ref writer);
        _desk.WriteCharged(reservation, isAll, ref writer);
    }

    private bool MayCapture(ReservationRow* reservation, Int128 amount)
    {
        for (var slice = &reservation->First; amount > 0; slice = _state.Slices.Read(slice->Next))
        {
            var captured = slice->Amount < amount ? slice->Amount : amount;
            if (!_desk.MayTake(slice->Lot, captured)) return false;
            amount -= captured;
            if (slice->Next == 0) break;
        }

        return true;
    }

    /// <summary>Of a lot that a transfer or capture makes with terms of its own: its policy, usable or not, and when it expires.</summary>
    /// <param name="other">Number of the wallet that it comes from.</param>
    /// <param name="memo">Of the reservation; 0 = none.</param>
    private LedgerResult GovernArrival(Command* command, int asset, in Party to, ulong other, Int128 amount, int memo, ref FactWriter writer, out LotGovernedItem lot, out long expiresAt)
    {
        (lot, expiresAt) = (default, command->ExpiresAt);
        var extras = new ReadOnlySpan<byte>(ExtrasOf(command), command->ExtrasBytes);
        var version = 0;
        if (Extras.TryFind(extras, ExtraTag.LotPolicy, out var number))
        {
            var policy = _state.FindPolicy(command->Tenant, BinaryPrimitives.ReadUInt64LittleEndian(number));
            if (policy == 0 || _state.Policies.Read(policy)->Status != PolicyStatus.Active) return LedgerResult.InvalidPolicy;
            version = _state.Policies.Read(policy)->Latest;
        }

        var restrictions = Extras.TryFind(extras, ExtraTag.RestrictionProgram, out var program) ? PolicyNames.AddressOf(program) : null;
        if (version == 0 && restrictions == null) return LedgerResult.Accepted;
        _desk.Begin(command, command->Tenant, _stamp, asset);
        _desk.Recall(memo);
        var subject = new LotSubject
        {
            Number = Numbers.Of(writer.Sequence, writer.NextOrdinal),
            FromTransfer = true,
            CreatedAt = _stamp,
            Attributes = Extras.TryFind(extras, ExtraTag.AttributeValues, out var values) ? PolicyNames.AddressOf(values) : null,
        };
        expiresAt = _desk.ExpiryOf(version, restrictions, Ask(PolicyOperation.TransferIn, to, other, amount), subject, command->ExpiresAt);
        if (expiresAt != 0 && expiresAt <= _stamp) return LedgerResult.ExpiryInPast;
        if (version != 0) lot = GovernedBy(version, amount);
        return LedgerResult.Accepted;
    }

    private LotGovernedItem GovernedBy(int version, Int128 amount)
    {
        var row = _state.PolicyVersions.Read(version);
        return new LotGovernedItem { Policy = _state.Policies.Read(row->Policy)->Number, Version = row->Version, VersionHandle = version, Wagering = _desk.WageringOf(version, amount) };
    }
}
