using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    private Lookahead _ahead;
    private Found _wallet;
    private Found _other;

    /// <summary>The handle of the command's asset, 0 when its code is unknown or not given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AssetOf(Command* command) => command->AssetCode == 0 ? 0 : _state.FindAsset(command->Tenant, command->AssetCode);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFindWallet(Command* command, int asset, out Party party) => TryRecall(_wallet, command, asset, out party)
        || (TryFind(command->Tenant, command->Has(CommandFlags.WalletByAlias), command->Wallet, command->WalletAliasLo, command->WalletAliasHi, asset, _ahead.First, out party) && Note(ref _wallet, command, asset, party));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFindOther(Command* command, int asset, out Party party) => TryRecall(_other, command, asset, out party)
        || (TryFind(command->Tenant, command->Has(CommandFlags.OtherByAlias), command->Other, command->OtherAliasLo, command->OtherAliasHi, asset, _ahead.Second, out party) && Note(ref _other, command, asset, party));

    // What is due is looked for before the checks, and both ask for the same parties: within one decision the answer is kept.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRecall(in Found found, Command* command, int asset, out Party party)
    {
        party = found.Party;
        return found.Command == command && found.Asset == asset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Note(ref Found found, Command* command, int asset, in Party party)
    {
        found.Command = command;
        found.Asset = asset;
        found.Party = party;
        return true;
    }

    /// <summary>Forgets what was found: the state is about to change, or has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ForgetParties()
    {
        _wallet.Command = null;
        _other.Command = null;
    }

    /// <summary>An account proves its wallet, and its asset the tenant; only a wallet that has no such account costs a second look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFind(uint tenant, bool byAlias, ulong number, ulong aliasLo, ulong aliasHi, int asset, int hint, out Party party)
    {
        party = default;
        if (byAlias)
        {
            party.Wallet = _state.FindAlias(tenant, aliasLo, aliasHi);
            if (party.Wallet == 0) return false;
            number = _state.Wallets.Read(party.Wallet)->Number;
        }

        party.Number = number;
        if (asset != 0) party.Account = _state.FindAccount(number, asset, hint);
        if (party.Account == 0) return TryFindRow(tenant, ref party);
        party.Flags = _state.Accounts.Read(party.Account)->Flags;
        return true;
    }

    private bool TryFindRow(uint tenant, ref Party party)
    {
        if (party.Wallet == 0) party.Wallet = _state.FindWallet(tenant, party.Number);
        if (party.Wallet == 0) return false;
        party.Flags = FlagsOf(_state.Wallets.Read(party.Wallet));
        return true;
    }

    internal static AccountFlags FlagsOf(WalletRow* wallet)
    {
        var flags = wallet->Status switch
        {
            WalletStatus.Active => AccountFlags.None,
            WalletStatus.Frozen => AccountFlags.Frozen,
            WalletStatus.Closed => AccountFlags.Closed,
        };
        if (wallet->Pooled != 0) flags |= AccountFlags.Pooled;
        if (wallet->System != 0) flags |= AccountFlags.System;
        if (wallet->Binding != 0) flags |= AccountFlags.WalletPolicies;
        return flags;
    }

    /// <summary>The rule "resolve asset" of LEDGER.md; finds the parties' accounts again when the asset had to be inferred.</summary>
    private LedgerResult ResolveAsset(Command* command, ref Party wallet, ref int asset)
    {
        if (asset != 0) return LedgerResult.Accepted;
        if (command->AssetCode != 0) return LedgerResult.AssetNotFound;
        if (wallet.Wallet == 0) wallet.Wallet = _state.FindWallet(command->Tenant, wallet.Number);

        asset = DefaultAsset(_state.Wallets.Read(wallet.Wallet));
        if (asset == 0) return LedgerResult.AssetRequired;
        wallet.Account = _state.FindAccount(wallet.Number, asset);
        if (wallet.Account != 0) wallet.Flags = _state.Accounts.Read(wallet.Account)->Flags;
        return LedgerResult.Accepted;
    }

    private int DefaultAsset(WalletRow* wallet)
    {
        if (wallet->DefaultAsset != 0) return wallet->DefaultAsset;
        if (wallet->FirstAccount == 0) return 0;
        var only = _state.Accounts.Read(wallet->FirstAccount);
        return only->NextOfWallet == 0 ? only->Asset : 0;
    }

    /// <summary>The rule "room" of LEDGER.md.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LedgerResult Room(int account, Int128 amount)
    {
        if (account == 0) return LedgerResult.Accepted; // amount ≤ UnitsMax was checked, and there is no ceiling yet
        var row = _state.Accounts.Read(account);
        var total = (row->Flags & AccountFlags.Holds) != 0 ? row->Available + row->Reserved : row->Available; // within ±UnitsMax, like every total
        var ceiling = (row->Flags & AccountFlags.HasBounds) != 0 ? _state.Bounds.Read(row->Bounds)->Ceiling : LedgerLimits.UnitsMax; // which stands for none
        if (ceiling < LedgerLimits.UnitsMax && total > ceiling - amount) return LedgerResult.BalanceLimitExceeded;
        return total > LedgerLimits.UnitsMax - amount ? LedgerResult.BalanceWouldOverflow : LedgerResult.Accepted;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsAmount(Int128 amount) => amount > 0 && amount <= LedgerLimits.UnitsMax;

    private static ReadOnlySpan<ulong> NamedLots(Command* command) =>
        command->Strategy == SelectionStrategy.Specific ? new ReadOnlySpan<ulong>(command->Arguments, command->ArgumentCount) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* ExtrasOf(Command* command) => command->Extras != null ? command->Extras : command->Inline;

    private struct Found
    {
        public Command* Command;
        public int Asset;
        public Party Party;
    }
}
