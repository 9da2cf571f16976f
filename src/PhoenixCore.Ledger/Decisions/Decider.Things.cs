using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    /// <summary>Arguments: two keys (ids, hashes), 32 bytes.</summary>
    private LedgerResult DecideTenant(Command* command, ref FactWriter writer)
    {
        RowCursor next = default;
        var number = (uint)_state.Tenants.Upcoming(ref next);
        if (command->Tenant != number) return command->Tenant < number ? LedgerResult.DuplicateTenant : LedgerResult.TenantNotFound;

        var body = writer.Begin<TenantCreatedBody>(PartKind.TenantCreated);
        body->Number = number;
        body->Flags = TenantCreatedBody.AutoProvisionIso | (command->Has(CommandFlags.WithHouse) ? TenantCreatedBody.WithHouse : 0) | (command->Has(CommandFlags.HasTexts) ? TenantCreatedBody.OwnTextKey : 0);
        body->IdKey = ((UInt128*)command->Arguments)[0];
        body->HashKey = ((UInt128*)command->Arguments)[1];
        for (var i = 0; i < Applier.TenantWallets; i++) writer.NewNumber();
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private Outcome DecideAdminAction(Command* command, ref FactWriter writer)
    {
        if (!_state.TenantExists(command->Tenant)) return Refusal(LedgerResult.TenantNotFound);
        var action = (AdminAction)command->Subject;
        var flags = _state.Tenants.Read((int)command->Tenant)->Flags;
        if ((flags & AdminActedBody.Erased) != 0 && action is AdminAction.TenantErased or AdminAction.TenantResumed or AdminAction.TenantSuspended or AdminAction.KeyCreated or AdminAction.KeyRotated) return Refusal(LedgerResult.TenantErased);
        if (action == AdminAction.TenantErased && (flags & AdminActedBody.Suspended) == 0) return Refusal(LedgerResult.TenantNotSuspended);
        writer.Begin<AdminActedBody>(PartKind.AdminActed)->Action = action;
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return Written(OutcomeKind.Fact, LedgerResult.Accepted, -1, command->Tenant, command, ref writer);
    }

    private LedgerResult DecideAsset(Command* command, ref FactWriter writer)
    {
        if (command->Subject > LedgerLimits.ScaleMax) return LedgerResult.ScaleOutOfRange;
        if (_state.FindAsset(command->Tenant, command->AssetCode) != 0) return LedgerResult.DuplicateAsset;
        CreateAsset(command->AssetCode, (int)command->Subject, ExtrasOf(command), command->ExtrasBytes, ref writer);
        return LedgerResult.Accepted;
    }

    private void CreateAsset(UInt128 code, int scale, byte* extras, int extrasBytes, ref FactWriter writer)
    {
        RowCursor next = default;
        var body = writer.Begin<AssetCreatedBody>(PartKind.AssetCreated);
        *body = new AssetCreatedBody { Code = code, Handle = _state.Assets.Upcoming(ref next), Scale = scale, FirstAccount = writer.NewNumber() };
        for (var i = 1; i < Applier.SystemWallets; i++) writer.NewNumber();
        writer.End(extras, extrasBytes);
    }

    /// <summary>A currency of ISO 4217 comes into being with its first wallet or credit, where the tenant allows it.</summary>
    private bool TryDecideCurrency(Command* command, ref FactWriter writer)
    {
        if (command->AssetCode == 0 || !_state.TenantExists(command->Tenant) || _state.FindAsset(command->Tenant, command->AssetCode) != 0) return false;
        if ((_state.Tenants.Read((int)command->Tenant)->Flags & TenantCreatedBody.AutoProvisionIso) == 0) return false;
        if (!Iso4217.TryGetScale(command->AssetCode, out var scale)) return false;
        CreateAsset(command->AssetCode, scale, null, 0, ref writer);
        return true;
    }

    private LedgerResult DecideAssetStatus(Command* command, ref FactWriter writer)
    {
        var asset = AssetOf(command);
        if (asset == 0) return LedgerResult.AssetNotFound;
        var body = writer.Begin<AssetStatusSetBody>(PartKind.AssetStatusSet);
        *body = new AssetStatusSetBody { Handle = asset, Active = command->Has(CommandFlags.Activate) ? 1 : 0 };
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private LedgerResult DecideWallet(Command* command, ref FactWriter writer)
    {
        if (_state.FindAlias(command->Tenant, command->WalletAliasLo, command->WalletAliasHi) != 0) return LedgerResult.DuplicateExternalId;
        var asset = AssetOf(command);
        if (asset == 0 && command->AssetCode != 0) return LedgerResult.AssetNotFound;
        var check = CheckBinding(command, 0, out var bound);
        if (check != LedgerResult.Accepted) return check;

        RowCursor next = default;
        var body = writer.Begin<WalletCreatedBody>(PartKind.WalletCreated);
        *body = new WalletCreatedBody
        {
            Number = writer.NewNumber(),
            Handle = _state.Wallets.Upcoming(ref next),
            Pooled = command->Has(CommandFlags.Pooled) ? 1 : 0,
            AliasLo = command->WalletAliasLo,
            AliasHi = command->WalletAliasHi,
            DefaultAsset = asset,
        };
        if (bound.Count > 0) WriteBinding(bound, ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private LedgerResult DecideWalletStatus(Command* command, ref FactWriter writer)
    {
        if (!TryFindWallet(command, 0, out var wallet)) return LedgerResult.WalletNotFound;
        if (wallet.Is(AccountFlags.System)) return LedgerResult.SystemWallet;
        var row = _state.Wallets.Read(wallet.Wallet);
        var action = (WalletAction)command->Subject;
        if (row->Status == WalletStatus.Closed && action != WalletAction.Close) return LedgerResult.WalletClosed;
        if (action == WalletAction.Close && row->Status != WalletStatus.Closed && !IsEmpty(row)) return LedgerResult.WalletNotEmpty;

        var body = writer.Begin<WalletStatusSetBody>(PartKind.WalletStatusSet);
        *body = new WalletStatusSetBody
        {
            Number = row->Number,
            Handle = wallet.Wallet,
            Action = action,
            Status = action switch
            {
                WalletAction.Freeze => WalletStatus.Frozen,
                WalletAction.Unfreeze => WalletStatus.Active,
                WalletAction.Close => WalletStatus.Closed,
            },
        };
        EndNamingTexts(command, row, ref writer);
        return LedgerResult.Accepted;
    }

    private bool IsEmpty(WalletRow* wallet)
    {
        for (var account = wallet->FirstAccount; account != 0; account = _state.Accounts.Read(account)->NextOfWallet)
        {
            var row = _state.Accounts.Read(account);
            if (row->Available != 0 || row->Reserved != 0) return false;
        }

        return true;
    }

    private LedgerResult DecideBounds(Command* command, ref FactWriter writer)
    {
        var asset = AssetOf(command);
        if (!TryFindWallet(command, asset, out var wallet)) return LedgerResult.WalletNotFound;
        if (wallet.Is(AccountFlags.System)) return LedgerResult.SystemWallet;
        var found = ResolveAsset(command, ref wallet, ref asset);
        if (found != LedgerResult.Accepted) return found;
        if (wallet.Is(AccountFlags.Closed)) return LedgerResult.WalletClosed;
        var floor = command->Has(CommandFlags.HasFloor) ? command->Amount : 0;
        var ceiling = command->Has(CommandFlags.HasCeiling) ? command->Ceiling : LedgerLimits.UnitsMax;
        if (floor > ceiling || ceiling < 0 || ceiling > LedgerLimits.UnitsMax || floor < -LedgerLimits.UnitsMax) return LedgerResult.BoundsInvalid;
        if (floor < 0 && !wallet.Is(AccountFlags.Pooled)) return LedgerResult.BoundsInvalid;
        if (IsOfOtherScale(command, _state.Assets.Read(asset))) return LedgerResult.Outdated;

        RowCursor accounts = default, bounds = default;
        var body = writer.Begin<BoundsSetBody>(PartKind.BoundsSet);
        *body = new BoundsSetBody { Wallet = wallet.Number, Account = wallet.Account, Asset = asset, Floor = floor, Ceiling = ceiling };
        if (wallet.Account == 0)
        {
            body->AccountNumber = writer.NewNumber();
            body->Account = _state.Accounts.Upcoming(ref accounts);
            body->Flags = BoundsSetBody.AccountCreated | (wallet.Is(AccountFlags.Pooled) ? BoundsSetBody.Pooled : 0);
            if (wallet.Is(AccountFlags.Pooled)) body->LotHandle = LotPool.Own(body->Account);
        }

        var present = wallet.Account != 0 ? _state.Accounts.Read(wallet.Account)->Bounds : 0;
        body->Bounds = present != 0 ? present : _state.Bounds.Upcoming(ref bounds);
        writer.End(null, 0);
        return LedgerResult.Accepted;
    }
}
