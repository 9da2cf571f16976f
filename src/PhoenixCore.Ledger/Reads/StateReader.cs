using PhoenixCore.Ledger.Audit;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Reads;

/// <summary>Answers reads from the live state, on the writer's thread.</summary>
internal sealed unsafe partial class StateReader(LedgerState state)
{
    /// <param name="to">Rows of the views that the command's kind names; see <see cref="WalletView"/> and its neighbours.</param>
    /// <param name="room">Bytes at <paramref name="to"/>; rows that do not fit are left out (the caller pages).</param>
    public LedgerResult Answer(Command* command, byte* to, int room, out int bytes)
    {
        var answer = new Rows(to, room);
        var result = command->Kind switch
        {
            CommandKind.ReadWallet => ReadWallet(command, ref answer),
            CommandKind.ReadReservation => ReadReservation(command, ref answer),
            CommandKind.ReadLots => ReadLots(command, ref answer),
            CommandKind.ReadAsset => ReadAsset(command, ref answer),
            CommandKind.ListAssets => ListAssets(command, ref answer),
            CommandKind.ListWallets => ListWallets(command, ref answer),
            CommandKind.ReadTenant => ReadTenant(command, ref answer),
            CommandKind.ReadLotChange => ReadLotChange(command, ref answer),
            CommandKind.ReadPolicy => ReadPolicy(command, ref answer),
            CommandKind.ListPolicies => ListPolicies(command, ref answer),
            CommandKind.ListPolicyVersions => ListPolicyVersions(command, ref answer),
            CommandKind.Barrier => LedgerResult.Accepted,
            CommandKind.AuditAccounts => AuditAccounts(command, ref answer),
            _ => throw new InvariantBrokenException("not a read"),
        };
        bytes = answer.Bytes;
        return result;
    }

    private LedgerResult ReadTenant(Command* command, ref Rows answer)
    {
        if (!state.TenantExists(command->Tenant)) return LedgerResult.TenantNotFound;
        var row = state.Tenants.Read((int)command->Tenant);
        answer.Add(new TenantView { Number = row->Number, IdKey = row->IdKey, HashKey = row->HashKey, NextEvent = row->NextEvent, CreatedSequence = row->CreatedSequence, Wallets = row->Wallets, Flags = row->Flags });
        return LedgerResult.Accepted;
    }

    private int FindWallet(Command* command) => command->Has(CommandFlags.WalletByAlias)
        ? state.FindAlias(command->Tenant, command->WalletAliasLo, command->WalletAliasHi)
        : state.FindWallet(command->Tenant, command->Wallet);

    private LedgerResult ReadWallet(Command* command, ref Rows answer)
    {
        var handle = FindWallet(command);
        if (handle == 0) return LedgerResult.WalletNotFound;
        var wallet = state.Wallets.Read(handle);
        var head = answer.Add(ViewOf(wallet));
        for (var account = wallet->FirstAccount; account != 0 && head != null; account = state.Accounts.Read(account)->NextOfWallet)
        {
            if (answer.Add(ViewOf(state.Accounts.Read(account))) == null) break;
            head->Balances++;
        }

        return LedgerResult.Accepted;
    }

    private WalletView ViewOf(WalletRow* wallet) => new()
    {
        Number = wallet->Number,
        TextSequence = wallet->TextSequence,
        CreatedAt = wallet->CreatedAt,
        UpdatedAt = wallet->UpdatedAt,
        DefaultAsset = wallet->DefaultAsset != 0 ? state.Assets.Read(wallet->DefaultAsset)->Code : 0,
        Status = wallet->Status,
        Pooled = wallet->Pooled != 0,
        System = wallet->System != 0,
        Policies = PoliciesOf(wallet->Binding),
    };

    private BalanceView ViewOf(AccountRow* account)
    {
        var asset = state.Assets.Read(account->Asset);
        var bounds = account->Bounds != 0 ? *state.Bounds.Read(account->Bounds) : new BoundsRow
        {
            Floor = (account->Flags & AccountFlags.System) != 0 ? -LedgerLimits.UnitsMax : 0,
            Ceiling = LedgerLimits.UnitsMax,
        };
        return new BalanceView
        {
            Asset = asset->Code,
            Scale = asset->Scale,
            Available = account->Available,
            Reserved = account->Reserved,
            Lifetime = account->Lifetime,
            Floor = bounds.Floor,
            Ceiling = bounds.Ceiling,
            AccountNumber = account->Number,
            LastEntry = account->LastEntry,
            Lots = account->LotCount,
        };
    }

    private LedgerResult ReadReservation(Command* command, ref Rows answer)
    {
        var handle = state.FindReservation(command->Tenant, command->Subject, out var ended);
        if (handle == 0)
        {
            if (ended == ReservationStatus.None) return LedgerResult.ReservationNotFound;
            answer.Add(new ReservationView { Number = command->Subject, Status = ended });
            return LedgerResult.Accepted;
        }

        var row = state.Reservations.Read(handle);
        var asset = state.Assets.Read(state.Accounts.Read(row->Account)->Asset);
        var head = answer.Add(new ReservationView
        {
            Number = row->Number,
            Wallet = row->Wallet,
            Asset = asset->Code,
            Scale = asset->Scale,
            Amount = row->Amount,
            ExpiresAt = row->ExpiresAt,
            CreatedAt = row->CreatedAt,
            Status = ReservationStatus.Pending,
            Captured = row->Totals != 0 ? state.Totals.Read(row->Totals)->Captured : 0,
            Released = row->Totals != 0 ? state.Totals.Read(row->Totals)->Released : 0,
        });
        for (var slice = &row->First; head != null; slice = state.Slices.Read(slice->Next))
        {
            if (answer.Add(new HeldLotView { Lot = state.Lots.Read(slice->Lot)->Number, Amount = slice->Amount }) == null) break;
            head->Slices++;
            if (slice->Next == 0) break;
        }

        return LedgerResult.Accepted;
    }

    private LedgerResult ReadLotChange(Command* command, ref Rows answer)
    {
        var memo = state.FindMemo(command->Subject, MemoKind.LotChange);
        answer.Add(new LotChangeView { Sequence = memo != 0 ? state.Memos.Read(memo)->Changed : 0 });
        return LedgerResult.Accepted;
    }

    /// <summary>Lots of one wallet (of one asset when a code is given), oldest first, after the lot <c>Other</c>; its handle <c>Subject</c> spares the walk there while it is still that lot's.</summary>
    private LedgerResult ReadLots(Command* command, ref Rows answer)
    {
        var handle = FindWallet(command);
        if (handle == 0) return LedgerResult.WalletNotFound;
        var wanted = 0;
        if (command->AssetCode != 0 && (wanted = state.FindAsset(command->Tenant, command->AssetCode)) == 0) return LedgerResult.AssetNotFound;
        for (var account = state.Wallets.Read(handle)->FirstAccount; account != 0; account = state.Accounts.Read(account)->NextOfWallet)
        {
            var row = state.Accounts.Read(account);
            if (wanted != 0 && row->Asset != wanted) continue;
            for (var lot = StartBehind(account, row, command); lot != 0; lot = state.Lots.Read(lot)->Next)
            {
                if (state.Lots.Read(lot)->Number > command->Other && answer.Add(ViewOf(lot, row)) == null) return LedgerResult.Accepted;
            }
        }

        return LedgerResult.Accepted;
    }

    /// <summary>Numbers of lots are never given again, so a row with the number and the account is the lot.</summary>
    private int StartBehind(int account, AccountRow* row, Command* command)
    {
        if (command->Subject is 0 or > int.MaxValue || (int)command->Subject >= state.Lots.End) return row->FirstLot;
        var hint = state.Lots.Read((int)command->Subject);
        return hint->Number == command->Other && hint->Account == account ? hint->Next : row->FirstLot;
    }

    private LotView ViewOf(int handle, AccountRow* account)
    {
        var lot = state.Lots.Read(handle);
        var asset = state.Assets.Read(account->Asset);
        var terms = lot->Terms != 0 ? state.Terms.Read(lot->Terms) : null;
        return new LotView
        {
            Number = lot->Number,
            Wallet = account->Wallet,
            TermsSource = terms != null ? terms->Source : 0,
            Asset = asset->Code,
            Scale = asset->Scale,
            Available = lot->Available,
            Reserved = lot->Reserved,
            Initial = lot->Initial,
            ExpiresAt = terms != null ? terms->ExpiresAt : 0,
            CreatedAt = lot->CreatedAt,
            Expired = (lot->Flags & LotFlags.Expired) != 0,
            Pooled = (lot->Flags & LotFlags.Pooled) != 0,
            FromTransfer = (lot->Flags & LotFlags.FromTransfer) != 0,
            Policy = terms != null ? terms->Policy : 0,
            PolicyVersion = terms != null && terms->Version != 0 ? state.PolicyVersions.Read(terms->Version)->Version : 0,
            Wagering = lot->Wagering,
            Handle = handle,
        };
    }

    /// <summary>By code, or by the handle <c>Wallet</c> that a fact carries.</summary>
    private LedgerResult ReadAsset(Command* command, ref Rows answer)
    {
        var handle = command->AssetCode != 0 ? state.FindAsset(command->Tenant, command->AssetCode)
            : command->Wallet < (ulong)state.Assets.End ? (int)command->Wallet : 0;
        if (handle == 0 || state.Assets.Read(handle)->Tenant != command->Tenant) return LedgerResult.AssetNotFound;
        answer.Add(ViewOfAsset(handle));
        return LedgerResult.Accepted;
    }

    /// <summary>After the handle <c>Wallet</c>, at most <c>Subject</c> rows.</summary>
    private LedgerResult ListAssets(Command* command, ref Rows answer)
    {
        var rows = command->Subject;
        var asset = command->Wallet == 0 ? state.Tenants.Read((int)command->Tenant)->FirstAsset : 0;
        if (command->Wallet is > 0 and < int.MaxValue && (int)command->Wallet < state.Assets.End && state.Assets.Read((int)command->Wallet)->Tenant == command->Tenant)
            asset = state.Assets.Read((int)command->Wallet)->NextOfTenant;
        for (; asset != 0 && rows > 0; asset = state.Assets.Read(asset)->NextOfTenant, rows--)
        {
            if (answer.Add(ViewOfAsset(asset)) == null) break;
        }

        return LedgerResult.Accepted;
    }

    private AssetView ViewOfAsset(int handle)
    {
        var row = state.Assets.Read(handle);
        return new AssetView { Code = row->Code, Handle = handle, Scale = row->Scale, CreatedAt = row->CreatedAt, TextSequence = row->TextSequence, Made = Numbers.SequenceOf(row->Number), IsScaleFixed = Facts.Applier.IsScaleFixed(state, row), Active = row->Active != 0, Policies = PoliciesOf(row->Binding) };
    }

    /// <summary>In order of creation, after the wallet <c>Wallet</c> (0 = from the first), at most <c>Subject</c> rows.</summary>
    private LedgerResult ListWallets(Command* command, ref Rows answer)
    {
        var rows = command->Subject;
        int wallet;
        if (command->Wallet == 0)
        {
            wallet = state.Tenants.Read((int)command->Tenant)->FirstWallet;
        }
        else
        {
            var after = state.FindWallet(command->Tenant, command->Wallet);
            if (after == 0) return LedgerResult.WalletNotFound;
            wallet = state.Wallets.Read(after)->NextOfTenant;
        }

        for (; wallet != 0 && rows > 0; wallet = state.Wallets.Read(wallet)->NextOfTenant)
        {
            var row = state.Wallets.Read(wallet);
            if (row->System != 0 && !command->Has(CommandFlags.IncludeSystem)) continue;
            if (answer.Add(ViewOf(row)) == null) break;
            rows--;
        }

        return LedgerResult.Accepted;
    }

    private LedgerResult AuditAccounts(Command* command, ref Rows answer)
    {
        var rows = command->Amount;
        for (var handle = (int)command->Subject; handle < state.Accounts.End && rows > 0; handle++, rows--)
        {
            if (answer.Add(LedgerAudit.Look(state, handle)) == null) break;
        }

        return LedgerResult.Accepted;
    }

    /// <summary>Appends views while there is room.</summary>
    private struct Rows(byte* to, int room)
    {
        public int Bytes;

        public T* Add<T>(in T view)
            where T : unmanaged
        {
            if (Bytes + sizeof(T) > room) return null;
            var row = (T*)(to + Bytes);
            *row = view;
            Bytes += sizeof(T);
            return row;
        }
    }
}
