using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Grpc.Wire;

/// <summary>Which field of a message is what; checked against the generated descriptors by <c>TableTests</c>.</summary>
/// <param name="Kind">The command that the message stands for.</param>
/// <param name="Slots">By field number.</param>
/// <param name="AmountIsOptional">No units means "no amount given" and not an amount of zero.</param>
internal sealed record OperationShape(CommandKind Kind, Slot[] Slots, bool AmountIsOptional = false)
{
    public static readonly OperationShape SubmitTransfer = new(CommandKind.CreateTransfer, [Slot.None, Slot.Wallet, Slot.Destination, Slot.Units, Slot.UnitsHigh, Slot.Asset, Slot.Selection]);
    public static readonly OperationShape SubmitReserve = new(CommandKind.CreateReservation, [Slot.None, Slot.Wallet, Slot.Units, Slot.UnitsHigh, Slot.Asset, Slot.ExpiresAt, Slot.Selection]);
    public static readonly OperationShape SubmitCommit = new(CommandKind.CommitReservation, [Slot.None, Slot.Reservation, Slot.Destination, Slot.Units, Slot.UnitsHigh], AmountIsOptional: true);
    public static readonly OperationShape SubmitRelease = new(CommandKind.ReleaseReservation, [Slot.None, Slot.Reservation], AmountIsOptional: true);
    public static readonly OperationShape SubmitCredit = new(CommandKind.CreateCredit, [Slot.None, Slot.Wallet, Slot.Units, Slot.UnitsHigh, Slot.Asset, Slot.ExpiresAt]);
    public static readonly OperationShape SubmitDebit = new(CommandKind.CreateDebit, [Slot.None, Slot.Wallet, Slot.Units, Slot.UnitsHigh, Slot.Asset, Slot.Selection]);

    public static readonly OperationShape CreateCredit = new(
        CommandKind.CreateCredit,
        [Slot.None, Slot.KeyText, Slot.Reference, Slot.Wallet, Slot.Amount, Slot.ExpiresAt, Slot.Other, Slot.Other, Slot.Other, Slot.Other, .. Nothing(5), Slot.Other, .. Nothing(4), Slot.Other, Slot.Other, Slot.Other]);

    public static readonly OperationShape CreateTransfer = new(
        CommandKind.CreateTransfer,
        [Slot.None, Slot.KeyText, Slot.Reference, Slot.Wallet, Slot.Destination, Slot.Amount, Slot.Selection, Slot.Other, Slot.Other, Slot.Other, Slot.Other, .. Nothing(4), Slot.Other, .. Nothing(4), Slot.Other, Slot.Other]);

    public static readonly OperationShape CreateDebit = new(
        CommandKind.CreateDebit, [Slot.None, Slot.KeyText, Slot.Reference, Slot.Wallet, Slot.Amount, Slot.Selection, Slot.Other, Slot.Other, .. Nothing(7), Slot.Other, .. Nothing(4), Slot.Other, Slot.Other]);

    public static readonly OperationShape CreateReservation = new(
        CommandKind.CreateReservation,
        [Slot.None, Slot.KeyText, Slot.Reference, Slot.Wallet, Slot.Amount, Slot.ExpiresAt, Slot.Selection, Slot.Other, Slot.Other, .. Nothing(6), Slot.Other, .. Nothing(4), Slot.Other, Slot.Other]);

    public static readonly OperationShape CommitReservation = new(
        CommandKind.CommitReservation,
        [Slot.None, Slot.KeyText, Slot.Reference, Slot.Reservation, Slot.Amount, Slot.Destination, Slot.Other, Slot.Other, Slot.Other, .. Nothing(6), Slot.Other, .. Nothing(4), Slot.Other, Slot.Other],
        AmountIsOptional: true);

    public static readonly OperationShape ReleaseReservation = new(
        CommandKind.ReleaseReservation, [Slot.None, Slot.KeyText, Slot.Reference, Slot.Reservation, Slot.Amount, Slot.Other, .. Nothing(9), Slot.Other], AmountIsOptional: true);

    /// <summary>Fields of an Amount message; its scale means nothing in a request.</summary>
    public static readonly Slot[] Amount = [Slot.None, Slot.Units, Slot.UnitsHigh, Slot.Asset];

    private static Slot[] Nothing(int fields) => new Slot[fields];
}
