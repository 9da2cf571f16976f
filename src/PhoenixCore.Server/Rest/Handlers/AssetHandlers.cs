using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Assets.</summary>
internal sealed class AssetHandlers(CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/assets", Scope.AssetsWrite, CreateAsync, NeedsKey: true),
        new("GET", "/assets", Scope.AssetsRead, ListAsync, NeedsKey: false),
        new("GET", "/assets/{code}", Scope.AssetsRead, GetAsync, NeedsKey: false),
        new("POST", "/assets/{code}/deactivate", Scope.AssetsWrite, call => SetStatusAsync(call, activate: false), NeedsKey: true),
        new("POST", "/assets/{code}/activate", Scope.AssetsWrite, call => SetStatusAsync(call, activate: true), NeedsKey: true),
        new("PATCH", "/assets/{code}", Scope.AssetsWrite, UpdateAsync, NeedsKey: true),
        new("PUT", "/assets/{code}/policies", Scope.PoliciesWrite, BindAsync, NeedsKey: true),
    ];

    /// <summary>An asset to be made, its code checked: the ledger takes any bytes.</summary>
    public static OperationRequest AssetOf(ParsedBody body)
    {
        if (body.Request.Asset is { } code && !AssetCode.IsValid(Encoding.UTF8.GetBytes(code))) body.Refuse("code", "must have 1 to 16 of A–Z a–z 0–9 . _ -");
        return body.As(BodyShape.Asset);
    }

    private async ValueTask CreateAsync(RestCall call) => await runner.RunAsync(call, AssetOf(await runner.ReadBodyAsync(call)), StatusCodes.Status201Created, FactShape.Resource);

    private async ValueTask GetAsync(RestCall call)
    {
        using var reply = await runner.AskAsync(call, new OperationRequest { Kind = CommandKind.ReadAsset, Asset = call.Parameters[0] });
        var view = MemoryMarshal.Read<AssetView>(reply.Payload);
        Send(call, view, view.Active);
    }

    /// <summary>Shown as this command left it, so that a retry which comes after another change answers the same.</summary>
    private async ValueTask SetStatusAsync(RestCall call, bool activate)
    {
        var request = (await runner.ReadBodyAsync(call)).As(BodyShape.AssetStatus);
        request.Asset = call.Parameters[0];
        request.Activate = activate;
        request.Key = call.Key;
        request.Deadline = call.Deadline;
        using var reply = await runner.ExecuteAsync(call, request);
        CommandRunner.MarkReplay(call, reply);
        if (reply.Result != LedgerResult.Accepted) throw new ApiErrorException(ApiError.Of(reply.Result, -1));
        using var asset = await runner.AskAsync(call, new OperationRequest { Kind = CommandKind.ReadAsset, Asset = call.Parameters[0] });
        Send(call, MemoryMarshal.Read<AssetView>(asset.Payload), activate);
    }

    private async ValueTask UpdateAsync(RestCall call)
    {
        var body = await runner.ReadBodyAsync(call);
        if (!body.Has(BodyField.Name | BodyField.Metadata | BodyField.Scale)) body.Refuse("name", "or metadata or scale must be given");
        var request = body.As(BodyShape.AssetUpdate);
        request.Asset = call.Parameters[0];
        (request.NameIsGiven, request.ScaleIsGiven) = (body.Has(BodyField.Name), body.Has(BodyField.Scale));
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask BindAsync(RestCall call)
    {
        var request = (await runner.ReadBodyAsync(call)).As(BodyShape.AssetPolicies);
        request.Asset = call.Parameters[0];
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask ListAsync(RestCall call)
    {
        var page = Page.Of(call);
        ulong after = 0;
        if (page.Cursor is { } code)
        {
            using var last = await runner.ExecuteAsync(call, new OperationRequest { Kind = CommandKind.ReadAsset, Asset = code });
            if (last.Result != LedgerResult.Accepted) throw new ApiErrorException(Page.UnknownCursor);
            after = (ulong)MemoryMarshal.Read<AssetView>(last.Payload).Handle;
        }

        using var reply = await runner.AskAsync(call, new OperationRequest { Kind = CommandKind.ListAssets, Cursor = after, Rows = page.Limit + 1 });
        var rows = ReadRows.All<AssetView>(reply.Payload);
        var shown = Math.Min(rows.Length, page.Limit);
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        for (var i = 0; i < shown; i++) AssetJson.Write(body, runner.Scope, call.Tenant, rows[i], rows[i].Active);
        Page.Close(body, rows.Length > shown ? AssetCode.Unpack(rows[shown - 1].Code) : null);
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private void Send(RestCall call, in AssetView view, bool isActive)
    {
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        AssetJson.Write(body, runner.Scope, call.Tenant, view, isActive);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }
}
