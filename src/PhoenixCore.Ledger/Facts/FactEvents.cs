using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger.Facts;

/// <summary>How many events a part makes in its tenant's stream; whoever renders them finds the same number (LEDGER.md, "Events").</summary>
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
        PartKind.Reserved or PartKind.LotExpired or PartKind.WalletCreated or PartKind.WalletStatusSet or PartKind.BoundsSet or PartKind.AssetCreated or PartKind.AssetStatusSet
            or PartKind.PolicyPut or PartKind.PolicyStatusSet or PartKind.WalletPoliciesBound or PartKind.AssetPoliciesBound => 1,
        PartKind.None or PartKind.EpochStarted or PartKind.TenantCreated or PartKind.Refused or PartKind.KeyClosed or PartKind.Batch => 0,
    };

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
