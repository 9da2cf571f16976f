using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Lists of what was booked, newest first.</summary>
internal sealed class HistoryHandlers(CommandRunner runner)
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    public IEnumerable<Route> Routes =>
    [
        new("GET", "/wallets/{id}/transactions", Scope.LedgerRead, call => ListAsync(call, HistoryList.Transactions, call.Parameters[0]), NeedsKey: false),
        new("GET", "/wallets/{id}/entries", Scope.LedgerRead, call => ListAsync(call, HistoryList.Entries, call.Parameters[0]), NeedsKey: false),
        new("GET", "/wallets/{id}/reservations", Scope.WalletsRead, call => ListAsync(call, HistoryList.Reservations, call.Parameters[0]), NeedsKey: false),
        new("GET", "/ledger/transactions", Scope.LedgerRead, call => ListAsync(call, HistoryList.Transactions, call.Query("wallet_id")), NeedsKey: false),
        new("GET", "/ledger/entries", Scope.LedgerRead, call => ListAsync(call, HistoryList.Entries, call.Query("wallet_id"), call.Query("lot_id")), NeedsKey: false),
        new("GET", "/lots/{id}/entries", Scope.LotsRead, call => ListAsync(call, HistoryList.Entries, call.Query("wallet_id"), call.Parameters[0]), NeedsKey: false),
        new("GET", "/credits", Scope.LedgerRead, call => ListAsync(call, HistoryList.Credits, call.Query("wallet_id")), NeedsKey: false),
        new("GET", "/transfers", Scope.LedgerRead, call => ListAsync(call, HistoryList.Transfers, call.Query("wallet_id")), NeedsKey: false),
        new("GET", "/debits", Scope.LedgerRead, call => ListAsync(call, HistoryList.Debits, call.Query("wallet_id")), NeedsKey: false),
        new("GET", "/reservations", Scope.WalletsRead, call => ListAsync(call, HistoryList.Reservations, call.Query("wallet_id")), NeedsKey: false),
    ];

    /// <summary>Times in answers end with the millisecond, so one without finer digits means all of its millisecond.</summary>
    /// <returns>Unix nanoseconds; 0 = not given.</returns>
    public static long TimeOf(RestCall call, string name, bool isEnd)
    {
        if (call.Query(name) is not { } text) return 0;
        if (!ExpiryReader.TryParse(text, out var time)) throw new ApiErrorException(ApiError.Invalid(name, "must be an ISO 8601 time with an offset, such as 2030-01-31T12:00:00Z"));
        return isEnd && time % NanosecondsPerMillisecond == 0 ? time + NanosecondsPerMillisecond - 1 : time;
    }

    private async ValueTask ListAsync(RestCall call, HistoryList list, string? wallet, string? lot = null)
    {
        var page = await runner.History.Lists.ListAsync(call.Tenant, QuestionOf(call, list, wallet, lot), runner.Patience);
        byte[]? before = null;
        foreach (var row in page.Rows)
        {
            if (row.Fact != before) await runner.Scope.KnowAssetsAsync(call.Tenant, row.Fact);
            before = row.Fact;
        }

        Send(call, list, page);
    }

    private unsafe void Send(RestCall call, HistoryList list, HistoryPage page)
    {
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        for (var i = 0; i < page.Rows.Count; i++)
        {
            var row = page.Rows[i];
            fixed (byte* payload = row.Fact)
            {
                var parts = new FactParts(payload);
                if (list == HistoryList.Transactions) TransactionJson.Write(body, runner.Scope, call.Tenant, parts, row.Context, page.Wallet);
                else if (list == HistoryList.Entries) TransactionJson.WriteEntry(body, runner.Scope, call.Tenant, parts, row.Context, row.Place);
                else if (list == HistoryList.Reservations) ReservationJson.WriteFound(body, runner.Scope, call.Tenant, row, page.Outcomes[i]);
                else WriteOperation(body, call.Tenant, list, parts, row);
            }
        }

        Page.Close(body, page.Cursor);
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private void WriteOperation(JsonBody body, TenantContext tenant, HistoryList list, FactParts parts, HistoryRow row)
    {
        var index = 0;
        foreach (var part in parts)
        {
            if (index++ != row.Place) continue;
            if (list == HistoryList.Transfers) MoneyJson.WriteTransfer(body, runner.Scope, tenant, part, row.Place, row.Context);
            else FactJson.WritePart(body, runner.Scope, tenant, part, row.Place, row.Context);
        }
    }

    private static HistoryQuestion QuestionOf(RestCall call, HistoryList list, string? wallet, string? lot)
    {
        var page = Page.Of(call);
        var to = TimeOf(call, "to", isEnd: true);
        return new HistoryQuestion(list)
        {
            Wallet = Bounded("wallet_id", wallet),
            Lot = lot,
            Asset = Bounded("asset", call.Query("asset") ?? call.Query("asset_code")),
            Kinds = KindsOf(call),
            Reference = Bounded("reference", call.Query("reference")),
            From = TimeOf(call, "from", isEnd: false),
            To = to == 0 ? long.MaxValue : to,
            MinAmount = AmountOf(call, "min_amount"),
            MaxAmount = AmountOf(call, "max_amount"),
            IsDebit = ChoiceOf(call, "direction", "debit", "credit"),
            IsReserved = ChoiceOf(call, "account", "reserved", "available"),
            Status = list == HistoryList.Reservations ? StatusOf(call) : ReservationStatus.None,
            Limit = page.Limit,
            Cursor = page.Cursor,
        };
    }

    private static string? Bounded(string name, string? text) =>
        text is { Length: 0 or > RequestLimits.TextMax } ? throw new ApiErrorException(ApiError.Invalid(name, $"must have 1 to {RequestLimits.TextMax} characters")) : text;

    private static IReadOnlyList<PartKind> KindsOf(RestCall call)
    {
        if (call.Query("type") is not { } text) return [];
        return text.Split(',').Select(type => TransactionJson.KindOf(type.Trim()) ?? throw new ApiErrorException(ApiError.Invalid("type",
            "must be CREDIT, TRANSFER, CONSUME, RESERVATION_HOLD, RESERVATION_COMMIT, RESERVATION_RELEASE, RESERVATION_EXPIRE, LOT_EXPIRE or REVERSAL, or several of them with commas"))).Distinct().Order().ToArray();
    }

    private static AmountInput AmountOf(RestCall call, string name)
    {
        if (call.Query(name) is not { } text) return default;
        return AmountInput.TryParse(text, call.Dialect == Dialect.Concepts, out var amount) ? amount : throw new ApiErrorException(ApiError.Invalid(name, "must be an amount"));
    }

    private static bool? ChoiceOf(RestCall call, string name, string yes, string no)
    {
        if (call.Query(name) is not { } text) return null;
        if (text.Equals(yes, StringComparison.OrdinalIgnoreCase)) return true;
        return text.Equals(no, StringComparison.OrdinalIgnoreCase) ? false : throw new ApiErrorException(ApiError.Invalid(name, $"must be {yes} or {no}"));
    }

    private static ReservationStatus StatusOf(RestCall call) => call.Query("status")?.ToLowerInvariant() switch
    {
        null => ReservationStatus.None,
        "active" or "pending" => ReservationStatus.Pending,
        "committed" => ReservationStatus.Committed,
        "released" => ReservationStatus.Released,
        "expired" => ReservationStatus.Expired,
        _ => throw new ApiErrorException(ApiError.Invalid("status", "must be active (or pending), committed, released or expired")),
    };
}
