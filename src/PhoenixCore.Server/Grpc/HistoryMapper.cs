using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Grpc.Rendering;
using ReservationStatus = PhoenixCore.Contracts.V1.ReservationStatus;

namespace PhoenixCore.Server.Grpc;

/// <summary>Questions about history from the words of the protocol.</summary>
internal static class HistoryMapper
{
    public static HistoryQuestion Map(HistoryList list, ListHistoryRequest request)
    {
        if (list != HistoryList.Entries && (request.LotId.Length > 0 || request.Direction != Direction.Unspecified || request.Account != Column.Unspecified))
            throw RequestMapper.Invalid("lot_id, direction and account are for ListEntries");
        return new HistoryQuestion(list)
        {
            Wallet = RequestMapper.Text(request.Wallet, "wallet"),
            Lot = RequestMapper.Text(request.LotId, "lot_id"),
            Asset = RequestMapper.Text(request.Asset, "asset"),
            Kinds = request.Types_.Select(KindOf).Distinct().Order().ToArray(),
            Reference = RequestMapper.Text(request.Reference, "reference"),
            From = TimeOf(request.FromUnixNs),
            To = EndOf(request.ToUnixNs),
            MinAmount = AmountOf(request.MinAmount),
            MaxAmount = AmountOf(request.MaxAmount),
            IsDebit = request.Direction switch
            {
                Direction.Unspecified => null,
                Direction.Debit => true,
                Direction.Credit => false,
                _ => throw RequestMapper.Invalid("direction is not known"),
            },
            IsReserved = request.Account switch
            {
                Column.Unspecified => null,
                Column.Reserved => true,
                Column.Available => false,
                _ => throw RequestMapper.Invalid("account is not known"),
            },
            Limit = RequestMapper.PageSize(request.PageSize),
            Cursor = request.PageToken.Length == 0 ? null : request.PageToken,
        };
    }

    public static HistoryQuestion Map(ListReservationsRequest request) => new(HistoryList.Reservations)
    {
        Wallet = RequestMapper.Text(request.Wallet, "wallet"),
        Asset = RequestMapper.Text(request.Asset, "asset"),
        Reference = RequestMapper.Text(request.Reference, "reference"),
        From = TimeOf(request.FromUnixNs),
        To = EndOf(request.ToUnixNs),
        Status = request.Status switch
        {
            ReservationStatus.Unspecified => Ledger.ReservationStatus.None,
            ReservationStatus.Pending => Ledger.ReservationStatus.Pending,
            ReservationStatus.Committed => Ledger.ReservationStatus.Committed,
            ReservationStatus.Released => Ledger.ReservationStatus.Released,
            ReservationStatus.Expired => Ledger.ReservationStatus.Expired,
            _ => throw RequestMapper.Invalid("status is not known"),
        },
        Limit = RequestMapper.PageSize(request.PageSize),
        Cursor = request.PageToken.Length == 0 ? null : request.PageToken,
    };

    public static LotFilter Map(ListLotsRequest request)
    {
        LotState? state = request.Status switch
        {
            LotStatus.Unspecified => null,
            LotStatus.Active => LotState.Active,
            LotStatus.Depleted => LotState.Depleted,
            LotStatus.Expired => LotState.Expired,
            _ => throw RequestMapper.Invalid("status is not known"),
        };
        var attributes = request.Attributes.Select(text => LotFilter.AttributeOf(text) ?? throw RequestMapper.Invalid("attributes must be key:value")).ToArray();
        return new LotFilter(RequestMapper.Text(request.Asset, "asset"), state, request.HasBalance, TimeOf(request.ExpiringBeforeUnixNs), attributes);
    }

    public static (string Wallet, BalanceMoment Moment) Map(GetBalancesRequest request)
    {
        var wallet = RequestMapper.Text(request.Wallet, "wallet") ?? throw RequestMapper.Invalid("wallet is missing");
        return request.MomentCase switch
        {
            GetBalancesRequest.MomentOneofCase.AtUnixNs when request.AtUnixNs > 0 => (wallet, new BalanceMoment(request.AtUnixNs, 0)),
            GetBalancesRequest.MomentOneofCase.Sequence when request.Sequence > 0 => (wallet, new BalanceMoment(0, request.Sequence)),
            _ => throw RequestMapper.Invalid("at_unix_ns or sequence is needed, above zero"),
        };
    }

    private static PartKind KindOf(OperationType type) => type switch
    {
        OperationType.Credit => PartKind.Credited,
        OperationType.Transfer => PartKind.Transferred,
        OperationType.Debit => PartKind.Debited,
        OperationType.Reservation => PartKind.Reserved,
        OperationType.Commit => PartKind.Committed,
        OperationType.Release => PartKind.Released,
        OperationType.ReservationExpiry => PartKind.ReservationExpired,
        OperationType.LotExpiry => PartKind.LotExpired,
        OperationType.CreditReversal or OperationType.TransferReversal => PartKind.TransferReversed,
        _ => throw RequestMapper.Invalid("types has one that makes no postings"),
    };

    private static AmountInput AmountOf(Amount? amount)
    {
        if (amount is null) return default;
        var units = WireValues.UnitsOf(amount);
        return units >= 0 ? AmountInput.OfUnits(units) : throw RequestMapper.Invalid("an amount is below zero");
    }

    private static long TimeOf(long time) => time >= 0 ? time : throw RequestMapper.Invalid("a time lies before 1970");

    private static long EndOf(long time) => TimeOf(time) == 0 ? long.MaxValue : time;
}
