using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Server.Edge;
using Posting = PhoenixCore.Contracts.V1.Posting;

namespace PhoenixCore.Server.Grpc.Rendering;

/// <summary>Renders durable facts as transactions. Any thread.</summary>
internal sealed class TransactionRenderer(AssetDirectory assets)
{
    public async ValueTask<Transaction> RenderAsync(TenantContext tenant, OperationReply reply, bool details, CancellationToken ct)
    {
        if (!details) return Head(tenant, reply.Payload, reply.Context, reply.IsDuplicate);
        return await RenderAsync(tenant, reply.Payload.ToArray(), reply.Context, reply.IsDuplicate, ct).ConfigureAwait(false);
    }

    /// <summary>With operations and postings.</summary>
    public async ValueTask<Transaction> RenderAsync(TenantContext tenant, byte[] payload, FactContext context, bool isDuplicate, CancellationToken ct)
    {
        var known = new Dictionary<int, AssetInfo>();
        foreach (var handle in AssetsOf(payload))
            known[handle] = await assets.FindAsync(tenant, handle, ct).ConfigureAwait(false) ?? throw new InvariantBrokenException("a fact names an asset that is not there");
        var transaction = Head(tenant, payload, context, isDuplicate);
        AddOperations(transaction, tenant, payload, context, known);
        return transaction;
    }

    private static unsafe Transaction Head(TenantContext tenant, ReadOnlySpan<byte> fact, FactContext context, bool isDuplicate)
    {
        fixed (byte* payload = fact)
        {
            var parts = new FactParts(payload);
            return new Transaction
            {
                Id = tenant.Ids.Format(IdKind.Transaction, Numbers.Of(context.Sequence, 0)),
                ResourceId = Id(tenant, PartResource.Of(parts.First, context.Sequence, 0)),
                DecidedAtUnixNs = context.Stamp,
                Sequence = parts.Header->EventFirst,
                Duplicate = isDuplicate,
            };
        }
    }

    private static unsafe HashSet<int> AssetsOf(byte[] fact)
    {
        var handles = new HashSet<int>();
        fixed (byte* payload = fact)
        {
            foreach (var part in new FactParts(payload))
            {
                foreach (ref readonly var posting in part.Postings) handles.Add(posting.Asset);
            }
        }

        return handles;
    }

    private static unsafe void AddOperations(Transaction transaction, TenantContext tenant, byte[] fact, FactContext context, Dictionary<int, AssetInfo> assets)
    {
        fixed (byte* payload = fact)
        {
            var index = 0;
            foreach (var part in new FactParts(payload))
            {
                var operation = new Operation
                {
                    Type = TypeOf(part.Kind),
                    Id = Id(tenant, PartResource.Of(part, context.Sequence, index)),
                    Reference = WireValues.TextOf(part.Extras, ExtraTag.Reference),
                    MetadataJson = WireValues.TextOf(part.Extras, ExtraTag.Metadata),
                };
                foreach (ref readonly var posting in part.Postings) operation.Postings.Add(PostingOf(tenant, posting, assets[posting.Asset]));
                transaction.Operations.Add(operation);
                index++;
            }
        }
    }

    private static Posting PostingOf(TenantContext tenant, in Ledger.Facts.Posting posting, AssetInfo asset) => new()
    {
        DebitWalletId = tenant.Ids.Format(IdKind.Wallet, posting.DebitWallet),
        CreditWalletId = tenant.Ids.Format(IdKind.Wallet, posting.CreditWallet),
        DebitLotId = tenant.Ids.Format(IdKind.Lot, posting.DebitLot),
        CreditLotId = tenant.Ids.Format(IdKind.Lot, posting.CreditLot),
        DebitColumn = posting.Has(PostingFlags.DebitReserved) ? Column.Reserved : Column.Available,
        CreditColumn = posting.Has(PostingFlags.CreditReserved) ? Column.Reserved : Column.Available,
        Amount = WireValues.AmountOf(posting.Amount, asset),
        DebitAfter = WireValues.AmountOf(posting.DebitAfter, asset),
        CreditAfter = WireValues.AmountOf(posting.CreditAfter, asset),
    };

    private static string Id(TenantContext tenant, (IdKind Kind, ulong Number) resource) => resource.Kind == IdKind.None ? "" : tenant.Ids.Format(resource.Kind, resource.Number);

    public static OperationType TypeOf(PartKind kind) => kind switch
    {
        PartKind.Credited => OperationType.Credit,
        PartKind.Transferred or PartKind.TransferredInto => OperationType.Transfer,
        PartKind.Debited => OperationType.Debit,
        PartKind.Reserved => OperationType.Reservation,
        PartKind.Committed or PartKind.Captured => OperationType.Commit,
        PartKind.Released or PartKind.Returned => OperationType.Release,
        PartKind.ReservationExpired or PartKind.ChangedReservationExpired => OperationType.ReservationExpiry,
        PartKind.LotExpired or PartKind.LotExpiryRepeated => OperationType.LotExpiry,
        PartKind.ReservationIncremented => OperationType.ReservationIncrement,
        PartKind.ReservationExtended => OperationType.ReservationExtension,
        PartKind.LotUpdated => OperationType.LotUpdate,
        PartKind.CreditReversed => OperationType.CreditReversal,
        PartKind.TransferReversed => OperationType.TransferReversal,
        PartKind.AssetCreated => OperationType.CreateAsset,
        PartKind.AssetStatusSet => OperationType.SetAssetStatus,
        PartKind.WalletCreated => OperationType.CreateWallet,
        PartKind.WalletStatusSet => OperationType.SetWalletStatus,
        PartKind.BoundsSet => OperationType.SetBounds,
        PartKind.TenantCreated => OperationType.CreateTenant,
        PartKind.PolicyPut => OperationType.PutPolicy,
        PartKind.PolicyStatusSet => OperationType.SetPolicyStatus,
        PartKind.WalletUpdated => OperationType.UpdateWallet,
        PartKind.AssetUpdated => OperationType.UpdateAsset,
        PartKind.WalletPoliciesBound => OperationType.BindWallet,
        PartKind.AssetPoliciesBound => OperationType.BindAsset,
        PartKind.None or PartKind.AdminActed or PartKind.EpochStarted or PartKind.MembersChanged or PartKind.Refused or PartKind.KeyClosed or PartKind.Batch => OperationType.Unspecified,
    };
}
