using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Timers;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    /// <summary>What has to be a fact before the command is decided: something due on an account it names, or a currency on its first use.</summary>
    private bool TryDecideFirst(Command* command, long stamp, ref FactWriter writer)
    {
        switch (command->Kind)
        {
            case CommandKind.CommitReservation or CommandKind.ReleaseReservation or CommandKind.ReadReservation or CommandKind.IncrementReservation or CommandKind.ExtendReservation:
                return TryDecideDueOfReservation(command, stamp, ref writer);
            case CommandKind.AtomicBatch or CommandKind.TransferLegs:
                return TryDecideDueOfBatch(command, stamp, ref writer);
            case CommandKind.CreateWallet or CommandKind.CreateCredit when TryDecideCurrency(command, ref writer):
                return true;
            case CommandKind.ReadWallet or CommandKind.SetWalletStatus or CommandKind.ReadLots:
                return TryDecideDueOfWallet(command, stamp, ref writer);
            case CommandKind.EvaluatePolicy:
                return TryDecideDueOf(command, other: false, stamp, ref writer) || (command->Has(CommandFlags.HasDestination) && TryDecideDueOf(command, other: true, stamp, ref writer));
            case CommandKind.CreateTransfer:
                return TryDecideDueOf(command, other: false, stamp, ref writer) || TryDecideDueOf(command, other: true, stamp, ref writer);
            case CommandKind.CreateCredit or CommandKind.CreateDebit or CommandKind.CreateReservation or CommandKind.SetBounds:
                return TryDecideDueOf(command, other: false, stamp, ref writer);
            case CommandKind.UpdateLot or CommandKind.ExpireLot:
                return AccountOfLot(command) is var holder and not 0 && TryDecideDueOf(holder, stamp, ref writer);
            case CommandKind.ReverseCredit or CommandKind.ReverseTransfer:
                return TryDecideDueOfReversal(command, stamp, ref writer);
            default:
                return false;
        }
    }

    /// <summary>The next due thing of the sweep, as a fact. False: nothing is due, or the steps are used up.</summary>
    public bool TryDecideSweep(long stamp, ref int steps, byte* payload, int room, out Outcome outcome, out uint tenant)
    {
        (outcome, tenant) = (default, 0);
        _stamp = stamp;
        if (!_state.Timers.TryPeekDue(stamp, ref steps, out var owner, out var handle)) return false;

        var account = owner == TimerOwner.Reservation ? _state.Reservations.Read(handle)->Account : _state.Lots.Read(handle)->Account;
        tenant = _state.Wallets.Read(_state.Accounts.Read(account)->WalletHandle)->Tenant;
        var writer = new FactWriter(payload, room, _state.Scalars->Sequence + 1);
        Invariant.That(TryDecideDueOf(account, stamp, ref writer));
        outcome = Written(OutcomeKind.FactFirst, LedgerResult.Accepted, -1, tenant, null, ref writer);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryDecideDueOf(Command* command, bool other, long stamp, ref FactWriter writer)
    {
        var asset = AssetOf(command);
        var found = other ? TryFindOther(command, asset, out var party) : TryFindWallet(command, asset, out party);
        if (!found) return false;
        if (party.Account != 0) return (party.Flags & AccountFlags.MayExpire) != 0 && TryDecideDueOf(party.Account, stamp, ref writer);
        return asset == 0 && command->AssetCode == 0 && TryDecideDueOfWallet(party, stamp, ref writer);
    }

    private bool TryDecideDueOfWallet(Command* command, long stamp, ref FactWriter writer) =>
        TryFindWallet(command, 0, out var party) && TryDecideDueOfWallet(party, stamp, ref writer);

    private bool TryDecideDueOfWallet(in Party party, long stamp, ref FactWriter writer)
    {
        for (var account = _state.Wallets.Read(party.Wallet)->FirstAccount; account != 0; account = _state.Accounts.Read(account)->NextOfWallet)
        {
            if (TryDecideDueOf(account, stamp, ref writer)) return true;
        }

        return false;
    }

    private bool TryDecideDueOfReservation(Command* command, long stamp, ref FactWriter writer)
    {
        var reservation = _state.FindReservation(command->Tenant, command->Subject, out _);
        if (reservation == 0) return false;
        var account = _state.Reservations.Read(reservation)->Account;
        if (TryDecideDueOf(account, stamp, ref writer)) return true;
        return command->Has(CommandFlags.HasDestination)
            && TryFindOther(command, _state.Accounts.Read(account)->Asset, out var to)
            && to.Account != 0
            && TryDecideDueOf(to.Account, stamp, ref writer);
    }

    private bool TryDecideDueOfBatch(Command* command, long stamp, ref FactWriter writer)
    {
        var operations = (Command*)command->Arguments;
        for (var i = 0; i < command->ArgumentCount; i++)
        {
            if (TryDecideFirst(operations + i, stamp, ref writer)) return true;
        }

        return false;
    }

    /// <summary>Reservations first, by (expiry, number); then lots, by (expiry, number).</summary>
    private bool TryDecideDueOf(int account, long stamp, ref FactWriter writer)
    {
        var row = _state.Accounts.Read(account);
        if ((row->Flags & AccountFlags.MayExpire) == 0 || row->NextDue > stamp) return false;

        // The list is kept in order of expiry and number: its first is the earliest.
        if (row->FirstReservation != 0 && _state.Reservations.Read(row->FirstReservation)->ExpiresAt <= stamp)
        {
            EndWithoutCapture(PartKind.ReservationExpired, row->FirstReservation, ref writer);
            writer.End(null, 0);
            return true;
        }

        var due = 0;
        var dueAt = long.MaxValue;
        for (var lot = row->FirstLot; lot != 0; lot = _state.Lots.Read(lot)->Next)
        {
            var candidate = _state.Lots.Read(lot);
            var expiry = _state.ExpiryOf(candidate->Terms);
            if (expiry == 0 || expiry >= dueAt || (candidate->Flags & LotFlags.Expired) != 0) continue;
            (due, dueAt) = (lot, expiry);
        }

        if (due == 0 || dueAt > stamp)
        {
            // The hint was early: what it stood for ended in another way.
            _applier.SetNextDue(account, row->FirstReservation != 0 ? Math.Min(dueAt, _state.Reservations.Read(row->FirstReservation)->ExpiresAt) : dueAt);
            return false;
        }

        ExpireLot(due, row, null, 0, ref writer);
        return true;
    }

    private void ExpireLot(int lot, AccountRow* account, byte* extras, int extrasBytes, ref FactWriter writer)
    {
        var row = _state.Lots.Read(lot);
        var body = writer.Begin<LotExpiredBody>(PartKind.LotExpired);
        *body = new LotExpiredBody { Number = row->Number, Handle = lot, Account = row->Account, Wallet = account->Wallet, Asset = account->Asset };
        if (row->Available > 0)
        {
            var sink = _state.Assets.Read(account->Asset)->Breakage;
            var flow = _flow.Start(account->Asset, row->Account, sink, _state.Accounts.Read(sink)->Wallet, pooled: true, mayMerge: false);
            flow.Move(lot, row->Available, debitReserved: false, ref writer);
        }

        writer.End(extras, extrasBytes);
    }
}
