using System.Text;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Facts;

internal sealed unsafe partial class Applier
{
    private void CreateTenant(TenantCreatedBody* body, in FactContext context)
    {
        var handle = _state.Tenants.Allocate();
        Invariant.That(handle == body->Number && context.Tenant == body->Number);
        var tenant = _state.Tenants.Write(handle);
        tenant->Number = body->Number;
        tenant->Flags = body->Flags;
        tenant->IdKey = body->IdKey;
        tenant->HashKey = body->HashKey;
        tenant->NextEvent = 1;
        tenant->CreatedSequence = context.Sequence;

        var wallets = (body->Flags & TenantCreatedBody.WithHouse) != 0 ? TenantWallets : SystemWallets;
        for (var i = 0; i < wallets; i++)
        {
            var (lo, hi) = SipHash.Hash128(body->HashKey, Encoding.ASCII.GetBytes(TenantNames.Wallets[i]));
            var wallet = AddWallet(Numbers.Of(context.Sequence, i + 1), lo, hi, pooled: true, context);
            _state.Wallets.Write(wallet)->System = i < SystemWallets ? (byte)1 : (byte)0;
            if (i == 0) _state.Tenants.Write(handle)->FirstSystemWallet = wallet;
        }
    }

    /// <summary>Only the status is the ledger's to keep; what became of keys is known elsewhere.</summary>
    private void ActOnTenant(AdminAction action, in FactContext context)
    {
        var tenant = _state.Tenants.Write((int)context.Tenant);
        if (action == AdminAction.TenantSuspended) tenant->Flags |= AdminActedBody.Suspended;
        if (action == AdminAction.TenantResumed) tenant->Flags &= ~AdminActedBody.Suspended;
        if (action == AdminAction.TenantErased) tenant->Flags |= AdminActedBody.Erased;
    }

    private void CreateWallet(WalletCreatedBody* body, in FactContext context)
    {
        var handle = AddWallet(body->Number, body->AliasLo, body->AliasHi, body->Pooled != 0, context);
        Invariant.That(handle == body->Handle);
        _state.Wallets.Write(handle)->DefaultAsset = body->DefaultAsset;
    }

    private int AddWallet(ulong number, ulong aliasLo, ulong aliasHi, bool pooled, in FactContext context)
    {
        var handle = _state.Wallets.Allocate();
        *_state.Wallets.Write(handle) = new WalletRow
        {
            Number = number,
            AliasLo = aliasLo,
            AliasHi = aliasHi,
            Tenant = context.Tenant,
            Pooled = pooled ? (byte)1 : (byte)0,
            CreatedAt = context.Stamp,
            UpdatedAt = context.Stamp,
            TextSequence = context.Sequence,
        };
        var tenant = _state.Tenants.Write((int)context.Tenant);
        if (tenant->LastWallet != 0) _state.Wallets.Write(tenant->LastWallet)->NextOfTenant = handle;
        else tenant->FirstWallet = handle;
        tenant->LastWallet = handle;
        tenant->Wallets++;
        _state.WalletIndex.Insert(Mix.Of(number), handle);
        _state.AliasIndex.Insert(Mix.Of(aliasLo, aliasHi), handle);
        return handle;
    }

    private void SetWalletStatus(WalletStatusSetBody* body, in FactContext context)
    {
        var wallet = _state.Wallets.Write(body->Handle);
        Invariant.That(wallet->Number == body->Number);
        wallet->Status = body->Status;
        wallet->UpdatedAt = context.Stamp;

        // Accounts carry their wallet's status, so that a transfer never looks at the wallet's row.
        var status = Decisions.Decider.FlagsOf(wallet) & (AccountFlags.Frozen | AccountFlags.Closed);
        for (var handle = wallet->FirstAccount; handle != 0; handle = _state.Accounts.Read(handle)->NextOfWallet)
        {
            var account = _state.Accounts.Write(handle);
            account->Flags = (account->Flags & ~(AccountFlags.Frozen | AccountFlags.Closed)) | status;
        }
    }

    private void SetBounds(BoundsSetBody* body, in FactContext context)
    {
        if ((body->Flags & BoundsSetBody.AccountCreated) != 0)
        {
            var wallet = _state.FindWallet(context.Tenant, body->Wallet);
            Invariant.That(MakeAccount(wallet, body->Asset, body->AccountNumber) == body->Account);
            if ((body->Flags & BoundsSetBody.Pooled) != 0) Invariant.That(MakeLot(body->Account, body->AccountNumber, LotFlags.Pooled, context.Stamp) == body->LotHandle);
        }

        var account = _state.Accounts.Write(body->Account);
        Invariant.That(account->Wallet == body->Wallet);
        if (account->Bounds == 0) account->Bounds = _state.Bounds.Allocate();
        Invariant.That(account->Bounds == body->Bounds);
        account->Flags |= AccountFlags.HasBounds;
        _state.Assets.Write(body->Asset)->IsBounded = 1;
        *_state.Bounds.Write(account->Bounds) = new BoundsRow { Floor = body->Floor, Ceiling = body->Ceiling };
    }

    private void CreateAsset(AssetCreatedBody* body, in FactContext context)
    {
        var handle = _state.Assets.Allocate();
        Invariant.That(handle == body->Handle);
        *_state.Assets.Write(handle) = new AssetRow
        {
            Code = body->Code,
            Tenant = context.Tenant,
            Scale = body->Scale,
            Active = 1,
            Number = Numbers.Of(context.Sequence, 0),
            TextSequence = context.Sequence,
            CreatedAt = context.Stamp,
        };
        var tenant = _state.Tenants.Write((int)context.Tenant);
        if (tenant->LastAsset != 0) _state.Assets.Write(tenant->LastAsset)->NextOfTenant = handle;
        else tenant->FirstAsset = handle;
        tenant->LastAsset = handle;
        _state.AssetIndex.Insert(LedgerState.AssetHash(context.Tenant, body->Code), handle);

        // The system's accounts exist from the start: no posting ever has to make the account that it debits.
        var accounts = &_state.Assets.Write(handle)->Liability;
        for (var i = 0; i < SystemWallets; i++)
        {
            var number = body->FirstAccount + (uint)i;
            accounts[i] = MakeAccount(tenant->FirstSystemWallet + i, handle, number);
            MakeLot(accounts[i], number, LotFlags.Pooled, context.Stamp);
        }
    }
}
