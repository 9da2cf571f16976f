using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
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
            await PastHandlers.BalancesAtAsync(runner, call, moment);
            return;
        }

        using var reply = await ReadAsync(call);
        var asset = call.Query("asset") ?? call.Query("asset_code");
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

    /// <summary>Live lots, oldest first over all assets: each asset's next rows, merged by number.</summary>
    private async ValueTask LotsAsync(RestCall call)
    {
        var page = Page.Of(call);
        foreach (var unsupported in (ReadOnlySpan<string>)["expiring_before", "attribute"])
        {
            if (call.Query(unsupported) != null) throw new ApiErrorException(ApiError.Invalid(unsupported, "is not supported"));
        }

        var status = call.Query("status");
        if (status is not (null or "active" or "depleted" or "expired")) throw new ApiErrorException(ApiError.Invalid("status", "must be active, depleted or expired"));
        ulong after = 0;
        if (page.Cursor is { } id && !call.Tenant.Ids.TryParse(IdKind.Lot, id, out after)) throw new ApiErrorException(Page.UnknownCursor);
        var rows = await CollectAsync(call, after, status, call.QuerySwitch("has_balance"), page.Limit + 1);
        var shown = Math.Min(rows.Count, page.Limit);
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        for (var i = 0; i < shown; i++) LotJson.Write(body, runner.Scope, call.Tenant, rows[i]);
        Page.Close(body, rows.Count > shown ? call.Tenant.Ids.Format(IdKind.Lot, rows[shown - 1].Number) : null);
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask<List<LotView>> CollectAsync(RestCall call, ulong after, string? status, bool hasBalance, int wanted)
    {
        var rows = new List<LotView>();
        foreach (var asset in await AssetsOfAsync(call))
        {
            var from = after;
            for (var ofAsset = 0; ofAsset < wanted;)
            {
                var question = new OperationRequest { Kind = CommandKind.ReadLots, Wallet = call.Parameters[0], Asset = asset, Cursor = from };
                using var reply = await runner.AskAsync(call, question);
                var lots = ReadRows.All<LotView>(reply.Payload);
                if (lots.Length == 0) break;
                from = lots[^1].Number;
                foreach (ref readonly var lot in lots)
                {
                    if (!Fits(lot, status, hasBalance)) continue;
                    rows.Add(lot);
                    if (++ofAsset == wanted) break;
                }
            }
        }

        rows.Sort((a, b) => a.Number.CompareTo(b.Number));
        return rows;
    }

    private async ValueTask<List<string>> AssetsOfAsync(RestCall call)
    {
        using var reply = await ReadAsync(call);
        if ((call.Query("asset") ?? call.Query("asset_code")) is { } asset) return [asset];
        var codes = new List<string>();
        foreach (ref readonly var row in ReadRows.After<WalletView, BalanceView>(reply.Payload)) codes.Add(AssetCode.Unpack(row.Asset));
        return codes;
    }

    private static bool Fits(in LotView lot, string? status, bool hasBalance)
    {
        if (hasBalance && lot.Available <= 0) return false;
        return status switch
        {
            "active" => !lot.Expired,
            "expired" => lot.Expired,
            "depleted" => false, // a depleted lot is no longer live
            _ => true,
        };
    }
}
