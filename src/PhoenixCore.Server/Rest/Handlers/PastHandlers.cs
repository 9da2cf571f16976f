using System.Globalization;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Single answers out of history: balances as of a moment, lots that may be gone, the trial balance.</summary>
internal sealed class PastHandlers(CommandRunner runner, AssetDirectory assets)
{
    public IEnumerable<Route> Routes =>
    [
        new("GET", "/lots/{id}", Scope.LotsRead, LotAsync, NeedsKey: false),
        new("GET", "/ledger/trial-balance", Scope.LedgerRead, TrialBalanceAsync, NeedsKey: false),
    ];

    /// <summary>Null when a balance is asked for as it is now.</summary>
    public static BalanceMoment? MomentOf(RestCall call)
    {
        var at = HistoryHandlers.TimeOf(call, "at", isEnd: true);
        if (call.Query("sequence") is not { } text) return at == 0 ? null : new BalanceMoment(at, 0);
        if (at != 0) throw new ApiErrorException(ApiError.Invalid("sequence", "and at exclude each other"));
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) || sequence == 0)
            throw new ApiErrorException(ApiError.Invalid("sequence", "must be a number, at least 1"));
        return new BalanceMoment(0, sequence);
    }

    public static async ValueTask BalancesAtAsync(CommandRunner runner, AssetDirectory assets, RestCall call, BalanceMoment moment)
    {
        var past = await runner.History.Balances.FindAsync(call.Tenant, call.Parameters[0], moment, runner.Patience);
        var asset = await WantedAssetAsync(assets, call);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        body.Json.WriteStartObject();
        body.Id("wallet_id"u8, call.Tenant, IdKind.Wallet, past.Wallet);
        WriteAsOf(body, past.Sequence, past.Stamp);
        body.Json.WriteStartArray("balances"u8);
        foreach (var balance in past.Balances)
        {
            if (asset is null || AssetCode.Unpack(balance.Asset) == asset) WriteBalance(body, balance, null);
        }

        body.Json.WriteEndArray();
        body.Json.WriteEndObject();
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    /// <summary>The code that balances are filtered by; null = all.</summary>
    /// <exception cref="ApiErrorException">There is no such asset. A currency that is made on its first use is one before it too: nobody holds any.</exception>
    public static async ValueTask<string?> WantedAssetAsync(AssetDirectory assets, RestCall call)
    {
        var code = call.Query("asset") ?? call.Query("asset_code");
        return code is null || Iso4217.TryGetScale(code, out _) || await assets.FindAsync(call.Tenant, code, CancellationToken.None) is not null ? code : throw new ApiErrorException(ApiError.Of(LedgerResult.AssetNotFound, -1));
    }

    /// <summary>Zero for an asset that the wallet had not held by then.</summary>
    public static async ValueTask BalanceAtAsync(CommandRunner runner, AssetDirectory assets, RestCall call, BalanceMoment moment)
    {
        var past = await runner.History.Balances.FindAsync(call.Tenant, call.Parameters[0], moment, runner.Patience);
        var asset = await assets.FindAsync(call.Tenant, call.Parameters[1], CancellationToken.None) ?? throw new ApiErrorException(ApiError.Of(LedgerResult.AssetNotFound, -1));
        var packed = AssetCode.Pack(System.Text.Encoding.ASCII.GetBytes(asset.Code));
        var found = new BalanceView { Asset = packed, Scale = asset.Scale };
        foreach (var balance in past.Balances)
        {
            if (balance.Asset == packed) found = balance;
        }

        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WriteBalance(body, found, past);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask LotAsync(RestCall call)
    {
        var lot = await runner.History.Lots.FindAsync(call.Tenant, call.Parameters[0], runner.Patience);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        LotJson.Write(body, runner.Scope, call.Tenant, lot.View, lot.End?.Last.Stamp ?? 0);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask TrialBalanceAsync(RestCall call)
    {
        var wanted = (call.Query("asset") ?? call.Query("asset_code")) is { } code
            ? await assets.FindAsync(call.Tenant, code, CancellationToken.None) ?? throw new ApiErrorException(ApiError.Of(LedgerResult.AssetNotFound, -1)) : null;
        var report = runner.History.ReadTrial(call.Tenant);
        var known = new Dictionary<int, AssetInfo>();
        foreach (var asset in report.Assets)
            known[asset.Asset] = await assets.FindAsync(call.Tenant, asset.Asset, CancellationToken.None) ?? throw new InvariantBrokenException("a posting's asset is not there");
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        TrialBalanceJson.Write(body, report, known, wanted);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private static void WriteBalance(JsonBody to, in BalanceView balance, BalancesAt? past)
    {
        to.Json.WriteStartObject();
        WalletJson.WriteAmounts(to, balance);
        if (past is not null) WriteAsOf(to, past.Sequence, past.Stamp);
        to.Json.WriteEndObject();
    }

    /// <summary>The last transaction that counts.</summary>
    private static void WriteAsOf(JsonBody to, ulong sequence, long stamp)
    {
        to.Json.WriteStartObject("as_of"u8);
        to.Json.WriteNumber("sequence"u8, sequence);
        if (stamp == 0) to.Json.WriteNull("time"u8);
        else to.Time("time"u8, stamp);
        to.Json.WriteEndObject();
    }
}
