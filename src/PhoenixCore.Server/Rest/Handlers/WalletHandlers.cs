using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Wallets, their status and bounds.</summary>
internal sealed class WalletHandlers(CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/wallets", Scope.WalletsWrite, CreateAsync, NeedsKey: true),
        new("GET", "/wallets", Scope.WalletsRead, ListAsync, NeedsKey: false),
        new("GET", "/wallets/{id}", Scope.WalletsRead, call => GetAsync(call, call.Parameters[0]), NeedsKey: false),
        new("GET", "/wallets/external/{external_id}", Scope.WalletsRead, GetByExternalIdAsync, NeedsKey: false),
        new("GET", "/wallets/by-external-id/{external_id}", Scope.WalletsRead, GetByExternalIdAsync, NeedsKey: false),
        new("PATCH", "/wallets/{id}", Scope.WalletsWrite, call => UpdateAsync(call, replaces: false), NeedsKey: true),
        new("PUT", "/wallets/{id}", Scope.WalletsWrite, call => UpdateAsync(call, replaces: true), NeedsKey: true),
        new("POST", "/wallets/{id}/freeze", Scope.WalletsWrite, call => SetStatusAsync(call, WalletAction.Freeze), NeedsKey: true),
        new("POST", "/wallets/{id}/unfreeze", Scope.WalletsWrite, call => SetStatusAsync(call, WalletAction.Unfreeze), NeedsKey: true),
        new("POST", "/wallets/{id}/close", Scope.WalletsWrite, call => SetStatusAsync(call, WalletAction.Close), NeedsKey: true),
        new("PUT", "/wallets/{id}/bounds/{asset}", Scope.WalletsWrite, SetBoundsAsync, NeedsKey: true),
    ];

    /// <summary>A wallet to be made; without an external id it is named by its holder, and its currency when there is one.</summary>
    public static OperationRequest WalletOf(ParsedBody body)
    {
        var request = body.Request;
        if (!body.Has(BodyField.ExternalId))
        {
            if (request.HolderId is null) body.Refuse("external_id", "or holder_id is required");
            else request.ExternalId = request.Asset is null ? request.HolderId : $"{request.HolderId}:{request.Asset}";
        }

        if (request.ExternalId is { Length: > RequestLimits.TextMax }) body.Refuse("holder_id", $"makes an external_id of more than {RequestLimits.TextMax} characters");
        if (IsLikeAnId(request.ExternalId)) body.Refuse("external_id", "must not begin like an id");
        return body.As(BodyShape.Wallet);
    }

    private static bool IsLikeAnId(string? name) => name?.StartsWith(PublicIds.PrefixOf(IdKind.Wallet), StringComparison.Ordinal) == true;

    private async ValueTask CreateAsync(RestCall call) => await runner.RunAsync(call, WalletOf(await runner.ReadBodyAsync(call)), StatusCodes.Status201Created, FactShape.Resource);

    private async ValueTask UpdateAsync(RestCall call, bool replaces)
    {
        var body = await runner.ReadBodyAsync(call);
        if (!body.Has(BodyField.Name | BodyField.Metadata | BodyField.Policies)) body.Refuse("name", "or metadata or policies must be given");
        var request = body.As(BodyShape.WalletUpdate);
        request.NameIsGiven = body.Has(BodyField.Name);
        request.Replaces = replaces;
        request.Wallet = call.Parameters[0];
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask SetStatusAsync(RestCall call, WalletAction action)
    {
        var request = (await runner.ReadBodyAsync(call)).As(BodyShape.WalletStatus);
        request.Wallet = call.Parameters[0];
        request.Action = action;
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask SetBoundsAsync(RestCall call)
    {
        var request = (await runner.ReadBodyAsync(call)).As(BodyShape.Bounds);
        request.Wallet = call.Parameters[0];
        request.Asset = call.Parameters[1];
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask GetByExternalIdAsync(RestCall call)
    {
        if (IsLikeAnId(call.Parameters[0])) throw new ApiErrorException(ApiError.Of(LedgerResult.WalletNotFound, -1));
        await GetAsync(call, call.Parameters[0]);
    }

    private async ValueTask GetAsync(RestCall call, string wallet)
    {
        using var reply = await runner.AskAsync(call, new OperationRequest { Kind = CommandKind.ReadWallet, Wallet = wallet });
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WalletJson.Write(body, runner.Scope, call.Tenant, MemoryMarshal.Read<WalletView>(reply.Payload));
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask ListAsync(RestCall call)
    {
        var page = Page.Of(call);
        if (call.Query("external_id") is { } externalId)
        {
            await ListOneAsync(call, externalId);
            return;
        }

        ulong after = 0;
        if (page.Cursor is { } id && !call.Tenant.Ids.TryParse(IdKind.Wallet, id, out after)) throw new ApiErrorException(Page.UnknownCursor);
        var (rows, next) = await runner.History.Wallets.ListAsync(call.Tenant, FilterOf(call), after, page.Limit, runner.Patience);
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var row in rows) WalletJson.Write(body, runner.Scope, call.Tenant, row);
        Page.Close(body, next == 0 ? null : call.Tenant.Ids.Format(IdKind.Wallet, next));
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private static WalletFilter FilterOf(RestCall call)
    {
        WalletStatus? status = call.Query("status")?.ToLowerInvariant() switch
        {
            null => null,
            "active" => WalletStatus.Active,
            "frozen" => WalletStatus.Frozen,
            "closed" => WalletStatus.Closed,
            _ => throw new ApiErrorException(ApiError.Invalid("status", "must be active, frozen or closed")),
        };
        return new WalletFilter(status, call.Query("holder_id"), call.QuerySwitch("include_system"));
    }

    /// <summary>The filter by external id names one wallet or none.</summary>
    private async ValueTask ListOneAsync(RestCall call, string externalId)
    {
        if (externalId.Length is 0 or > RequestLimits.TextMax) throw new ApiErrorException(ApiError.Invalid("external_id", $"must have 1 to {RequestLimits.TextMax} characters"));
        var filter = FilterOf(call);
        using var reply = await runner.ExecuteAsync(call, new OperationRequest { Kind = CommandKind.ReadWallet, Wallet = externalId });
        if (reply.Result is not (LedgerResult.Accepted or LedgerResult.WalletNotFound)) throw new ApiErrorException(ApiError.Of(reply.Result, -1));
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        if (reply.Result == LedgerResult.Accepted && !IsLikeAnId(externalId) && runner.History.Wallets.Fits(call.Tenant, filter, MemoryMarshal.Read<WalletView>(reply.Payload))) WalletJson.Write(body, runner.Scope, call.Tenant, MemoryMarshal.Read<WalletView>(reply.Payload));
        Page.Close(body, lastId: null);
        body.Send(call.Http, StatusCodes.Status200OK);
    }
}
