using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Facts;

/// <summary>The one place where facts change the books: live, in recovery, on a follower. It cannot refuse; what does not fit is our bug and stops the shard.</summary>
internal sealed unsafe partial class Applier
{
    public const int SystemWallets = 4;

    /// <summary>Numbers kept for the wallets that a tenant is born with: the system's and <c>house_wallet</c>.</summary>
    public const int TenantWallets = SystemWallets + 1;

    private readonly LedgerState _state;

    // Lots that lost everything in this part, chained through Next: their rows are given back only when the part is done,
    // because Decide counted on the handles that were free before it.
    private int _depleted;

    public Applier(LedgerState state) => _state = state;

    /// <param name="payload">A whole fact: its header and parts.</param>
    public void Apply(byte* payload, in FactContext context)
    {
        var header = (FactHeader*)payload;
        var scalars = _state.Scalars;
        Invariant.That(context.Sequence == scalars->Sequence + 1);
        Invariant.That(context.Stamp >= scalars->Stamp);

        var part = (PartHeader*)(payload + FactHeader.SizeBytes);
        var entryOrdinal = 0;
        for (var i = 0; i < header->Parts; i++)
        {
            ApplyPart(part, context, entryOrdinal);
            entryOrdinal += 2 * part->Postings;
            part = (PartHeader*)((byte*)part + part->Length);
        }

        if (context.Tenant != 0)
        {
            var tenant = _state.Tenants.Write((int)context.Tenant);
            Invariant.That(tenant->NextEvent == header->EventFirst);
            tenant->NextEvent += header->Events;
        }

        if ((header->Flags & FactHeader.Keyed) != 0)
        {
            var first = (PartHeader*)(payload + FactHeader.SizeBytes);
            var result = first->Kind == PartKind.Refused ? ((RefusedBody*)((byte*)first + PartHeader.SizeBytes))->Result : LedgerResult.Accepted;
            _state.Keys.Insert(header->KeyLo, header->KeyHi, header->Fingerprint, context.Sequence, result, first->Kind == PartKind.KeyClosed);
        }

        scalars->Sequence = context.Sequence;
        scalars->Stamp = context.Stamp;
    }

    public void ApplyPart(PartHeader* part, in FactContext context, int entryOrdinal)
    {
        if (part->Flags != 0) ApplyPolicyItemsBefore(part, context);
        var body = (byte*)part + PartHeader.SizeBytes;
        switch (part->Kind)
        {
            case PartKind.Transferred:
            case PartKind.Debited:
                ApplyPostings(part, (Posting*)body, context, entryOrdinal, Inherit);
                break;
            case PartKind.Reserved:
                ApplyPostings(part, (Posting*)(body + sizeof(ReservedBody)), context, entryOrdinal, Inherit);
                AddReservation(part, (ReservedBody*)body, context);
                break;
            case PartKind.Committed:
            case PartKind.Released:
            case PartKind.ReservationExpired:
                ApplyPostings(part, (Posting*)(body + sizeof(ReservationEndedBody)), context, entryOrdinal, Inherit);
                EndReservation(part->Kind, (ReservationEndedBody*)body, context);
                break;
            case PartKind.Credited:
            case PartKind.TransferredInto:
                ApplyPostings(part, (Posting*)(body + sizeof(CreditedBody)), context, entryOrdinal, InternTerms(part, (CreditedBody*)body, ((Posting*)(body + sizeof(CreditedBody)))->CreditLot, context));
                break;
            case PartKind.LotExpired:
                ExpireLot(part, (LotExpiredBody*)body, context, entryOrdinal);
                break;
            case PartKind.WalletCreated:
                CreateWallet((WalletCreatedBody*)body, context);
                break;
            case PartKind.WalletStatusSet:
                SetWalletStatus((WalletStatusSetBody*)body, context);
                break;
            case PartKind.BoundsSet:
                SetBounds((BoundsSetBody*)body, context);
                break;
            case PartKind.AssetCreated:
                CreateAsset((AssetCreatedBody*)body, context);
                break;
            case PartKind.AssetStatusSet:
                _state.Assets.Write(((AssetStatusSetBody*)body)->Handle)->Active = ((AssetStatusSetBody*)body)->Active;
                break;
            case PartKind.TenantCreated:
                CreateTenant((TenantCreatedBody*)body, context);
                break;
            case PartKind.AdminActed:
                ActOnTenant(((AdminActedBody*)body)->Action, context);
                break;
            case PartKind.PolicyPut:
                PutPolicy(part, (PolicyPutBody*)body, context);
                break;
            case PartKind.PolicyStatusSet:
                SetPolicyStatus((PolicyStatusSetBody*)body, context);
                break;
            case PartKind.WalletPoliciesBound:
                BindWallet(part, (PoliciesBoundBody*)body, context);
                break;
            case PartKind.AssetPoliciesBound:
                BindAsset(part, (PoliciesBoundBody*)body);
                break;
            case PartKind.WalletUpdated:
                UpdateWallet(part, (WalletUpdatedBody*)body, context);
                break;
            case PartKind.AssetUpdated:
                UpdateAsset(part, (AssetUpdatedBody*)body);
                break;
            case PartKind.Refused:
            case PartKind.KeyClosed:
            case PartKind.EpochStarted:
            case PartKind.MembersChanged:
                break;
            default:
                ApplyChange(part, body, context, entryOrdinal);
                break;
        }

        if (part->Flags != 0) ApplyPolicyItemsAfter(part, context);
    }

    /// <summary>From here on parts are applied only for the next operation of a batch to see.</summary>
    public void BeginProvisional(int operations)
    {
        _state.AccountIndex.EnsureRoom(operations * SystemWallets); // an asset makes four
        _state.WalletIndex.EnsureRoom(operations);
        _state.AliasIndex.EnsureRoom(operations);
        _state.ReservationIndex.EnsureRoom(operations);
        _state.TermsIndex.EnsureRoom(Math.Min(operations * LedgerLimits.TermsOfOperationMax, LedgerLimits.TermsOfFactMax));
        _state.CounterIndex.EnsureRoom(Math.Min(operations * LedgerLimits.CountersOfOperationMax, LedgerLimits.CountersOfFactMax));
        _state.PolicyIndex.EnsureRoom(operations);
        _state.AssetIndex.EnsureRoom(operations);
        _state.MemoIndex.EnsureRoom(operations);
        (_counts.Account, _counts.Wallet, _counts.Alias) = (_state.AccountIndex.Count, _state.WalletIndex.Count, _state.AliasIndex.Count);
        (_counts.Counter, _counts.Policy) = (_state.CounterIndex.Count, _state.PolicyIndex.Count);
        (_counts.Reservation, _counts.Terms, _counts.Asset, _counts.Memo) = (_state.ReservationIndex.Count, _state.TermsIndex.Count, _state.AssetIndex.Count, _state.MemoIndex.Count);
        _state.Undo.Begin();
    }

    public void UndoProvisional()
    {
        _state.Undo.Undo();
        _state.AccountIndex.RestoreCount(_counts.Account);
        _state.WalletIndex.RestoreCount(_counts.Wallet);
        _state.AliasIndex.RestoreCount(_counts.Alias);
        _state.ReservationIndex.RestoreCount(_counts.Reservation);
        _state.TermsIndex.RestoreCount(_counts.Terms);
        _state.AssetIndex.RestoreCount(_counts.Asset);
        _state.MemoIndex.RestoreCount(_counts.Memo);
        _state.CounterIndex.RestoreCount(_counts.Counter);
        _state.PolicyIndex.RestoreCount(_counts.Policy);
    }

    private (int Account, int Wallet, int Alias, int Reservation, int Terms, int Asset, int Memo, int Counter, int Policy) _counts;

    /// <summary>Moves the expiry hint of an account; no outcome depends on it.</summary>
    public void SetNextDue(int account, long due)
    {
        var row = _state.Accounts.Write(account);
        row->NextDue = due;
        if (due == long.MaxValue) row->Flags &= ~AccountFlags.MayExpire;
    }
}
