using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>What a wallet holds: balances and lots.</summary>
internal sealed class HoldingHandlers(CommandRunner runner, AssetDirectory assets)
{
    /// <summary>Balances that an answer without extra room can hold; when so many came, more may exist.</summary>
    private static readonly int ShortBalances = (1_024 - Unsafe.SizeOf<WalletView>()) / Unsafe.SizeOf<BalanceView>();

    public IEnumerable<Route> Routes =>
    [
        new("GET", "/wallets/{id}/balances", Scope.WalletsRead, BalancesAsync, NeedsKey: false),
        new("GET", "/wallets/{id}/balance", Scope.WalletsRead, BalancesAsync, NeedsKey: false),
        new("GET", "/wallets/{id}/balances/{asset}", Scope.WalletsRead, BalanceAsync, NeedsKey: false),
        new("GET", "/wallets/{id}/balance/{asset}", Scope.WalletsRead, BalanceAsync, NeedsKey: false),
        new("GET", "/wallets/{id}/lots", Scope.LotsRead, LotsAsync, NeedsKey: false),
    ];

    private async ValueTask BalancesAsync(RestCall call)
    {
        if (PastHandlers.MomentOf(call) is { } moment)
        {
            await PastHandlers.BalancesAtAsync(runner, assets, call, moment);
            return;
        }

        using var reply = await ReadAsync(call);
        var asset = await PastHandlers.WantedAssetAsync(assets, call);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        body.Json.WriteStartObject();
        body.Id("wallet_id"u8, call.Tenant, IdKind.Wallet, MemoryMarshal.Read<WalletView>(reply.Payload).Number);
        body.Json.WriteStartArray("balances"u8);
        foreach (ref readonly var row in ReadRows.After<WalletView, BalanceView>(reply.Payload))
        {
            if (asset is null || AssetCode.Unpack(row.Asset) == asset) WalletJson.WriteBalance(body, row);
        }

        body.Json.WriteEndArray();
        body.Json.WriteEndObject();
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    /// <summary>An asset that the wallet never held has a balance of zero; one that does not exist has none.</summary>
    private async ValueTask BalanceAsync(RestCall call)
    {
        if (PastHandlers.MomentOf(call) is { } moment)
        {
            await PastHandlers.BalanceAtAsync(runner, assets, call, moment);
            return;
        }

        using var reply = await ReadAsync(call);
        var code = call.Parameters[1];
        if (await assets.FindAsync(call.Tenant, code, CancellationToken.None) is not { } asset) throw new ApiErrorException(ApiError.Of(LedgerResult.AssetNotFound, -1));
        var packed = AssetCode.Pack(System.Text.Encoding.ASCII.GetBytes(code));
        var found = new BalanceView { Asset = packed, Scale = asset.Scale, Ceiling = LedgerLimits.UnitsMax };
        foreach (ref readonly var row in ReadRows.After<WalletView, BalanceView>(reply.Payload))
        {
            if (row.Asset == packed) found = row;
        }

        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WalletJson.WriteBalance(body, found);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask<OperationReply> ReadAsync(RestCall call)
    {
        var question = new OperationRequest { Kind = CommandKind.ReadWallet, Wallet = call.Parameters[0] };
        var reply = await runner.AskAsync(call, question);
        if (MemoryMarshal.Read<WalletView>(reply.Payload).Balances < ShortBalances) return reply;
        reply.Dispose();
        question.IsLong = true;
        return await runner.AskAsync(call, question);
    }

    /// <summary>Lots that hold something oldest first, those that ended newest first.</summary>
    private async ValueTask LotsAsync(RestCall call)
    {
        var page = Page.Of(call);
        var (rows, cursor) = await runner.History.LotLists.ListAsync(call.Tenant, call.Parameters[0], FilterOf(call), page.Cursor, page.Limit, runner.Patience);
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var (lot, endedAt) in rows) LotJson.Write(body, runner.Scope, call.Tenant, lot, endedAt);
        Page.Close(body, cursor);
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private static LotFilter FilterOf(RestCall call)
    {
        LotState? state = call.Query("status")?.ToLowerInvariant() switch
        {
            null => null,
            "active" => LotState.Active,
            "depleted" => LotState.Depleted,
            "expired" => LotState.Expired,
            _ => throw new ApiErrorException(ApiError.Invalid("status", "must be active, depleted or expired")),
        };
        var attributes = call.Queries("attribute").Select(text => LotFilter.AttributeOf(text) ?? throw new ApiErrorException(ApiError.Invalid("attribute", "must be key:value"))).ToArray();
        return new LotFilter(call.Query("asset") ?? call.Query("asset_code"), state, call.QuerySwitch("has_balance"), HistoryHandlers.TimeOf(call, "expiring_before", isEnd: false), attributes);
    }
}
