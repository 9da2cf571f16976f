using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Server.Edge;

/// <summary>What a part of a fact is about.</summary>
internal static class PartResource
{
    /// <summary>The number of what a part made or ended: its own, or that of its place in the fact.</summary>
    public static (IdKind Kind, ulong Number) Of(in FactPart part, ulong sequence, int index) => part.Kind switch
    {
        PartKind.Credited => (IdKind.Credit, Numbers.Of(sequence, index)),
        PartKind.Transferred or PartKind.TransferredInto => (IdKind.Transfer, Numbers.Of(sequence, index)),
        PartKind.Debited => (IdKind.Debit, Numbers.Of(sequence, index)),
        PartKind.Reserved => (IdKind.Reservation, part.Body<ReservedBody>().Number),
        PartKind.Committed or PartKind.Released or PartKind.ReservationExpired or PartKind.Captured or PartKind.Returned or PartKind.ChangedReservationExpired
            or PartKind.ReservationIncremented or PartKind.ReservationExtended => (IdKind.Reservation, part.ChangedReservation()),
        PartKind.WalletCreated => (IdKind.Wallet, part.Body<WalletCreatedBody>().Number),
        PartKind.WalletStatusSet => (IdKind.Wallet, part.Body<WalletStatusSetBody>().Number),
        PartKind.BoundsSet => (IdKind.Wallet, part.Body<BoundsSetBody>().Wallet),
        PartKind.LotExpired or PartKind.LotExpiryRepeated => (IdKind.Lot, part.Body<LotExpiredBody>().Number),
        PartKind.LotUpdated => (IdKind.Lot, part.Body<LotUpdatedBody>().Number),
        PartKind.CreditReversed => (IdKind.Credit, part.Body<ReversedBody>().Original),
        PartKind.TransferReversed => (IdKind.Transfer, part.Body<ReversedBody>().Original),
        PartKind.PolicyPut => (IdKind.Policy, part.Body<PolicyPutBody>().Number),
        PartKind.PolicyStatusSet => (IdKind.Policy, part.Body<PolicyStatusSetBody>().Number),
        PartKind.WalletUpdated => (IdKind.Wallet, part.Body<WalletUpdatedBody>().Number),
        PartKind.WalletPoliciesBound => (IdKind.Wallet, part.Body<PoliciesBoundBody>().Number),
        PartKind.None or PartKind.AdminActed or PartKind.EpochStarted or PartKind.MembersChanged or PartKind.TenantCreated or PartKind.AssetCreated or PartKind.AssetStatusSet
            or PartKind.AssetPoliciesBound or PartKind.AssetUpdated or PartKind.Refused or PartKind.KeyClosed or PartKind.Batch => (IdKind.None, 0),
    };
}
