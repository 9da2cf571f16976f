using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.Facts;

/// <summary>One part of a fact, in place: its body, its postings, its texts.</summary>
public readonly unsafe ref struct FactPart(PartHeader* part)
{
    public PartKind Kind => part->Kind;

    /// <summary>The body; its type follows from the kind.</summary>
    public ref readonly TBody Body<TBody>()
        where TBody : unmanaged => ref *(TBody*)((byte*)part + PartHeader.SizeBytes);

    public ReadOnlySpan<Posting> Postings => new((byte*)part + PartHeader.SizeBytes + BodyBytes(part->Kind), part->Postings);

    /// <summary>Lots whose wagering the part completes.</summary>
    public int Switched => part->Switched;

    /// <summary>What policies added.</summary>
    public PolicyItemReader PolicyItems => new(part);

    public ReadOnlySpan<byte> Extras
    {
        get
        {
            var padded = (part->ExtrasBytes + 7) & ~7;
            return new ReadOnlySpan<byte>((byte*)part + part->Length - padded, part->ExtrasBytes);
        }
    }

    /// <summary>Bytes of the body that a kind has.</summary>
    public static int BodyBytes(PartKind kind) => kind switch
    {
        PartKind.EpochStarted => sizeof(EpochStartedBody),
        PartKind.MembersChanged => sizeof(MembersChangedBody),
        PartKind.TenantCreated => sizeof(TenantCreatedBody),
        PartKind.AssetCreated => sizeof(AssetCreatedBody),
        PartKind.AssetStatusSet => sizeof(AssetStatusSetBody),
        PartKind.WalletCreated => sizeof(WalletCreatedBody),
        PartKind.WalletStatusSet => sizeof(WalletStatusSetBody),
        PartKind.BoundsSet => sizeof(BoundsSetBody),
        PartKind.Credited => sizeof(CreditedBody),
        PartKind.Reserved => sizeof(ReservedBody),
        PartKind.Committed or PartKind.Released or PartKind.ReservationExpired => sizeof(ReservationEndedBody),
        PartKind.LotExpired => sizeof(LotExpiredBody),
        PartKind.Refused => sizeof(RefusedBody),
        PartKind.AdminActed => sizeof(AdminActedBody),
        PartKind.ReservationIncremented or PartKind.ReservationExtended or PartKind.Returned or PartKind.ChangedReservationExpired => sizeof(ReservationChangedBody),
        PartKind.Captured => sizeof(CapturedBody),
        PartKind.LotUpdated => sizeof(LotUpdatedBody),
        PartKind.LotExpiryRepeated => sizeof(LotExpiredBody),
        PartKind.CreditReversed or PartKind.TransferReversed => sizeof(ReversedBody),
        PartKind.TransferredInto => sizeof(CreditedBody),
        PartKind.PolicyPut => sizeof(PolicyPutBody),
        PartKind.PolicyStatusSet => sizeof(PolicyStatusSetBody),
        PartKind.WalletPoliciesBound or PartKind.AssetPoliciesBound => sizeof(PoliciesBoundBody),
        PartKind.WalletUpdated => sizeof(WalletUpdatedBody),
        PartKind.AssetUpdated => sizeof(AssetUpdatedBody),
        PartKind.None or PartKind.Transferred or PartKind.Debited or PartKind.KeyClosed or PartKind.Batch => 0,
    };
}
