using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Rest.Input;

/// <summary>What the body of one kind of request may and must have.</summary>
internal sealed record BodyShape(CommandKind Kind, BodyField Required, BodyField Optional)
{
    private const BodyField Moved = BodyField.Amount;
    private const BodyField Words = BodyField.Reference | BodyField.Metadata | BodyField.Intent | BodyField.Context;

    public static readonly BodyShape Wallet = new(CommandKind.CreateWallet, BodyField.None, BodyField.ExternalId | BodyField.HolderId | BodyField.Asset | BodyField.Pooled | BodyField.Policies | BodyField.Name | BodyField.Metadata);
    public static readonly BodyShape WalletStatus = new(CommandKind.SetWalletStatus, BodyField.None, BodyField.Reason);
    public static readonly BodyShape Bounds = new(CommandKind.SetBounds, BodyField.None, BodyField.Floor | BodyField.Ceiling);
    public static readonly BodyShape Credit = new(CommandKind.CreateCredit, BodyField.Wallet | Moved, BodyField.Asset | BodyField.Lot | BodyField.Policy | Words);
    public static readonly BodyShape Transfer = new(CommandKind.CreateTransfer, BodyField.From | BodyField.To | Moved, BodyField.Asset | BodyField.LotSelection | BodyField.DestinationLot | Words);
    public static readonly BodyShape TransferOfReservation = new(CommandKind.CommitReservation, BodyField.Reservation | BodyField.To, Moved | BodyField.Final | BodyField.DestinationLot | Words);
    public static readonly BodyShape TransferLegs = new(CommandKind.TransferLegs, BodyField.Legs, Words);
    public static readonly BodyShape Leg = new(CommandKind.CreateTransfer, BodyField.From | BodyField.To | Moved, BodyField.Asset | BodyField.LotSelection | BodyField.DestinationLot);
    public static readonly BodyShape Debit = new(CommandKind.CreateDebit, BodyField.Wallet | Moved, BodyField.Asset | BodyField.LotSelection | Words);
    public static readonly BodyShape Reservation = new(CommandKind.CreateReservation, BodyField.Wallet | Moved, BodyField.Asset | BodyField.LotSelection | BodyField.ExpiresAt | BodyField.ExpiresIn | Words);
    public static readonly BodyShape Commit = new(CommandKind.CommitReservation, BodyField.None, Moved | BodyField.To | BodyField.Final | BodyField.DestinationLot | Words);
    public static readonly BodyShape Release = new(CommandKind.ReleaseReservation, BodyField.None, Moved | BodyField.Reason | Words);
    public static readonly BodyShape Increment = new(CommandKind.IncrementReservation, Moved, BodyField.LotSelection | Words);
    public static readonly BodyShape Extension = new(CommandKind.ExtendReservation, BodyField.None, BodyField.ExpiresAt | BodyField.ExpiresIn | BodyField.Reason | Words);
    public static readonly BodyShape LotUpdate = new(CommandKind.UpdateLot, BodyField.None, BodyField.ExpiresAt | BodyField.ExpiresIn | BodyField.Attributes | BodyField.Reason);
    public static readonly BodyShape LotExpiry = new(CommandKind.ExpireLot, BodyField.None, BodyField.Reason);
    public static readonly BodyShape ReverseCredit = new(CommandKind.ReverseCredit, BodyField.None, Moved | BodyField.Reason | Words);
    public static readonly BodyShape ReverseTransfer = ReverseCredit with { Kind = CommandKind.ReverseTransfer };
    public static readonly BodyShape CommitInBatch = Commit with { Required = BodyField.Reservation };
    public static readonly BodyShape ReleaseInBatch = Release with { Required = BodyField.Reservation };
    public static readonly BodyShape WalletStatusInBatch = WalletStatus with { Required = BodyField.Wallet };
    public static readonly BodyShape Asset = new(CommandKind.CreateAsset, BodyField.Code | BodyField.Scale, BodyField.Name | BodyField.Metadata);
    public static readonly BodyShape AssetStatus = new(CommandKind.SetAssetStatus, BodyField.None, BodyField.Reason);
    public static readonly BodyShape WalletUpdate = new(CommandKind.UpdateWallet, BodyField.None, BodyField.Name | BodyField.Metadata | BodyField.Policies | BodyField.Reason);
    public static readonly BodyShape AssetUpdate = new(CommandKind.UpdateAsset, BodyField.None, BodyField.Name | BodyField.Metadata | BodyField.Scale | BodyField.Reason);
    public static readonly BodyShape AssetPolicies = new(CommandKind.BindAsset, BodyField.Policies, BodyField.None);
    public static readonly BodyShape PolicyStatus = new(CommandKind.SetPolicyStatus, BodyField.None, BodyField.Reason);
    public static readonly BodyShape Evaluation = new(CommandKind.EvaluatePolicy, BodyField.Wallet | Moved, BodyField.Asset | BodyField.To | BodyField.LotSelection | Words);
    public static readonly BodyShape Batch = new(CommandKind.AtomicBatch, BodyField.Operations, BodyField.None);
    public static readonly BodyShape KeyStatus = new(CommandKind.KeyStatus, BodyField.KeyText, BodyField.Close);
}
