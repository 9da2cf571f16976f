using Google.Protobuf.Reflection;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc;
using PhoenixCore.Server.Grpc.Submit;
using PhoenixCore.Server.Grpc.Wire;
using Xunit;

namespace PhoenixCore.Wire.Tests;

public sealed class TableTests
{
    private static readonly (OperationShape Shape, MessageDescriptor Message)[] Shapes =
    [
        (OperationShape.SubmitTransfer, SubmitTransfer.Descriptor), (OperationShape.SubmitReserve, SubmitReserve.Descriptor), (OperationShape.SubmitCommit, SubmitCommit.Descriptor),
        (OperationShape.SubmitRelease, SubmitRelease.Descriptor), (OperationShape.SubmitCredit, SubmitCredit.Descriptor), (OperationShape.SubmitDebit, SubmitDebit.Descriptor),
        (OperationShape.CreateCredit, CreateCreditRequest.Descriptor), (OperationShape.CreateTransfer, CreateTransferRequest.Descriptor), (OperationShape.CreateDebit, CreateDebitRequest.Descriptor),
        (OperationShape.CreateReservation, CreateReservationRequest.Descriptor), (OperationShape.CommitReservation, CommitReservationRequest.Descriptor),
        (OperationShape.ReleaseReservation, ReleaseReservationRequest.Descriptor),
    ];

    [Fact]
    public void Every_result_of_the_ledger_has_a_code_of_the_same_number_and_name()
    {
        foreach (var result in Enum.GetValues<LedgerResult>()) Assert.Equal(result.ToString(), ((ResultCode)(int)result).ToString());
        Assert.Equal(Enum.GetValues<LedgerResult>().Length + 1, Enum.GetValues<ResultCode>().Length);
        Assert.Equal(SubmitEncoder.BatchRefused, (int)ResultCode.BatchRefused);
    }

    [Fact]
    public void Every_refusal_has_a_status_a_reason_and_the_domain()
    {
        foreach (var result in Enum.GetValues<LedgerResult>().Where(result => result != LedgerResult.Accepted))
        {
            var status = Statuses.Of(result);
            Assert.Equal((ApiResult.Of(result).Grpc, ApiResult.Of(result).Code, "phoenixcore"), (status.Code, status.Reason, status.Domain));
        }
    }

    [Fact]
    public void Every_field_of_a_hot_message_is_known_to_its_shape()
    {
        foreach (var (shape, message) in Shapes)
        {
            foreach (var field in message.Fields.InDeclarationOrder()) Assert.True(Expected(field).Contains(shape.Slots[field.FieldNumber]), field.FullName);
            Assert.Equal(message.Fields.InDeclarationOrder().Count, shape.Slots.Count(slot => slot != Slot.None));
        }
    }

    private static Slot[] Expected(FieldDescriptor field) => field.Name switch
    {
        "idempotency_key" => [Slot.KeyText],
        "reference" => [Slot.Reference],
        "wallet" or "from_wallet" => [Slot.Wallet],
        "to_wallet" => [Slot.Destination],
        "reservation" or "reservation_id" => [Slot.Reservation],
        "units" => [Slot.Units],
        "units_high" => [Slot.UnitsHigh],
        "asset" => [Slot.Asset],
        "amount" => [Slot.Amount],
        "expires_at_unix_ns" => [Slot.ExpiresAt],
        "selection" => [Slot.Selection],
        _ => [Slot.Other],
    };
}
