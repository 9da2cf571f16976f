using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.Facts;

/// <summary>Which events a part makes in its tenant's stream, and how many (LEDGER.md, "Events").</summary>
public static unsafe class FactEvents
{
    private const PostingFlags LotChanges = PostingFlags.CreditLotCreated | PostingFlags.DebitLotDepleted;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountOf(PartHeader* part) => part->Switched + part->Kind switch
    {
        PartKind.Transferred => 3 + LotsChanged(part, 0),
        PartKind.Debited => 2 + LotsChanged(part, 0),
        PartKind.Credited => 1 + LotsChanged(part, sizeof(CreditedBody)),
        PartKind.Committed => (((ReservationEndedBody*)Body(part))->Destination != 0 ? 3 : 2) + LotsChanged(part, sizeof(ReservationEndedBody)),
        PartKind.Released or PartKind.ReservationExpired => 1 + LotsChanged(part, sizeof(ReservationEndedBody)),
        PartKind.TransferredInto => 3 + LotsChanged(part, sizeof(CreditedBody)),
        PartKind.Captured => (((CapturedBody*)Body(part))->Change.Destination != 0 ? 3 : 2) + LotsChanged(part, sizeof(CapturedBody)),
        PartKind.Returned or PartKind.ChangedReservationExpired => 1 + LotsChanged(part, sizeof(ReservationChangedBody)),
        PartKind.CreditReversed => 2 + LotsChanged(part, sizeof(ReversedBody)),
        PartKind.TransferReversed => 3 + LotsChanged(part, sizeof(ReversedBody)),
        PartKind.ReservationIncremented or PartKind.ReservationExtended or PartKind.LotUpdated => 1,
        PartKind.LotExpiryRepeated => 0,
        PartKind.AdminActed => ((AdminActedBody*)Body(part))->Action == AdminAction.WebhookDisabled ? 1 : 0,
        PartKind.Reserved or PartKind.LotExpired or PartKind.WalletCreated or PartKind.WalletStatusSet or PartKind.BoundsSet or PartKind.AssetCreated or PartKind.AssetStatusSet
            or PartKind.PolicyPut or PartKind.PolicyStatusSet or PartKind.WalletPoliciesBound or PartKind.AssetPoliciesBound or PartKind.WalletUpdated or PartKind.AssetUpdated => 1,
        PartKind.None or PartKind.EpochStarted or PartKind.MembersChanged or PartKind.TenantCreated or PartKind.Refused or PartKind.KeyClosed or PartKind.Batch => 0,
    };

    /// <summary>Adds the events of a part in their order: as many as <see cref="CountOf"/> says.</summary>
    public static void AddTo(List<FactEvent> events, in FactPart part)
    {
        if (part.Kind != PartKind.LotExpired) AddLots(events, part);
        switch (part.Kind)
        {
            case PartKind.Credited:
                events.Add(new FactEvent(EventKind.WalletCredited));
                break;
            case PartKind.Transferred or PartKind.TransferredInto:
                events.Add(new FactEvent(EventKind.WalletDebited));
                events.Add(new FactEvent(EventKind.WalletCredited));
                events.Add(new FactEvent(EventKind.TransferCompleted));
                break;
            case PartKind.Debited:
                events.Add(new FactEvent(EventKind.WalletDebited));
                events.Add(new FactEvent(EventKind.DebitCompleted));
                break;
            case PartKind.Committed:
                events.Add(new FactEvent(EventKind.WalletDebited));
                if (part.Body<ReservationEndedBody>().Destination != 0) events.Add(new FactEvent(EventKind.WalletCredited));
                events.Add(new FactEvent(EventKind.ReservationCommitted));
                break;
            case PartKind.Captured:
                events.Add(new FactEvent(EventKind.WalletDebited));
                if (part.CaptureDestination() != 0) events.Add(new FactEvent(EventKind.WalletCredited));
                events.Add(new FactEvent(part.StatusAfter() == ReservationStatus.Pending ? EventKind.ReservationPartiallyCommitted : EventKind.ReservationCommitted));
                break;
            case PartKind.CreditReversed:
                events.Add(new FactEvent(EventKind.WalletDebited));
                events.Add(new FactEvent(EventKind.CreditReversed));
                break;
            case PartKind.TransferReversed:
                events.Add(new FactEvent(EventKind.WalletDebited));
                events.Add(new FactEvent(EventKind.WalletCredited));
                events.Add(new FactEvent(EventKind.TransferReversed));
                break;
            default:
                if (OnlyOne(part) is { } only) events.Add(new FactEvent(only));
                break;
        }

        for (var i = 0; i < part.Switched; i++) events.Add(new FactEvent(EventKind.LotWageringCompleted, i));
    }

    private static EventKind? OnlyOne(in FactPart part) => part.Kind switch
    {
        PartKind.Reserved => EventKind.ReservationCreated,
        PartKind.Released => EventKind.ReservationReleased,
        PartKind.Returned => part.StatusAfter() == ReservationStatus.Pending ? EventKind.ReservationPartiallyReleased : EventKind.ReservationReleased,
        PartKind.ReservationExpired or PartKind.ChangedReservationExpired => EventKind.ReservationExpired,
        PartKind.ReservationIncremented => EventKind.ReservationIncremented,
        PartKind.ReservationExtended => EventKind.ReservationExtended,
        PartKind.LotUpdated => EventKind.LotUpdated,
        PartKind.LotExpired => EventKind.LotExpired,
        PartKind.WalletCreated => EventKind.WalletCreated,
        PartKind.BoundsSet => EventKind.WalletUpdated,
        PartKind.WalletStatusSet => part.Body<WalletStatusSetBody>().Action switch
        {
            WalletAction.Freeze => EventKind.WalletFrozen,
            WalletAction.Unfreeze => EventKind.WalletUnfrozen,
            _ => EventKind.WalletClosed,
        },
        PartKind.WalletPoliciesBound or PartKind.WalletUpdated => EventKind.WalletUpdated,
        PartKind.AssetCreated => EventKind.AssetCreated,
        PartKind.AssetPoliciesBound or PartKind.AssetUpdated => EventKind.AssetUpdated,
        PartKind.PolicyPut => part.Body<PolicyPutBody>().Version == 1 ? EventKind.PolicyCreated : EventKind.PolicyUpdated,
        PartKind.PolicyStatusSet => EventKind.PolicyUpdated,
        PartKind.AdminActed when part.Body<AdminActedBody>().Action == AdminAction.WebhookDisabled => EventKind.WebhookDisabled,
        PartKind.AssetStatusSet => part.Body<AssetStatusSetBody>().Active != 0 ? EventKind.AssetActivated : EventKind.AssetDeactivated,
        _ => null,
    };

    private static void AddLots(List<FactEvent> events, in FactPart part)
    {
        var postings = part.Postings;
        for (var i = 0; i < postings.Length; i++)
        {
            if (postings[i].Has(PostingFlags.DebitLotDepleted)) events.Add(new FactEvent(EventKind.LotDepleted, i));
            if (postings[i].Has(PostingFlags.CreditLotCreated)) events.Add(new FactEvent(EventKind.LotCreated, i));
        }
    }

    private static byte* Body(PartHeader* part) => (byte*)part + PartHeader.SizeBytes;

    /// <summary>Lots made and lots depleted: each is an event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LotsChanged(PartHeader* part, int bodyBytes)
    {
        var posting = (Posting*)unchecked(Body(part) + bodyBytes);
        var count = 0;
        for (var left = (int)part->Postings; left > 0; left--)
        {
            var changes = posting->Flags & LotChanges;
            if (changes != 0) count += changes == LotChanges ? 2 : 1;
            posting = unchecked(posting + 1);
        }

        return count;
    }
}
