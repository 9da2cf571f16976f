using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Tenants and their keys, for operators.</summary>
internal sealed class AdminHandlers(Administration administration, CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/tenants", Scope.Admin, CreateAsync, NeedsKey: true),
        new("GET", "/tenants", Scope.Admin, List, NeedsKey: false),
        new("GET", "/tenants/{tenant}", Scope.Admin, Get, NeedsKey: false),
        new("POST", "/tenants/{tenant}/suspend", Scope.Admin, call => SetSuspendedAsync(call, suspended: true), NeedsKey: true),
        new("POST", "/tenants/{tenant}/resume", Scope.Admin, call => SetSuspendedAsync(call, suspended: false), NeedsKey: true),
        new("POST", "/tenants/{tenant}/erase", Scope.Admin, EraseAsync, NeedsKey: true),
        new("POST", "/tenants/{tenant}/keys", Scope.Admin, CreateKeyAsync, NeedsKey: true),
        new("GET", "/tenants/{tenant}/keys", Scope.Admin, ListKeys, NeedsKey: false),
        new("POST", "/tenants/{tenant}/keys/{key}/rotate", Scope.Admin, RotateKeyAsync, NeedsKey: true),
        new("POST", "/tenants/{tenant}/keys/{key}/revoke", Scope.Admin, RevokeKeyAsync, NeedsKey: true),
        new("DELETE", "/tenants/{tenant}/keys/{key}", Scope.Admin, RevokeKeyAsync, NeedsKey: true),
    ];

    private async ValueTask CreateAsync(RestCall call)
    {
        var body = new AdminBody(await runner.ReadBytesAsync(call), "id", "reason");
        var made = await administration.CreateAsync(body.Text("id") ?? throw AdminBody.Invalid("id is required"), RequestOf(call, body));
        Send(call, made.Value, made.IsReplay, StatusCodes.Status201Created);
    }

    private ValueTask Get(RestCall call)
    {
        Send(call, administration.Find(call.Parameters[0]), isReplay: false, StatusCodes.Status200OK);
        return default;
    }

    private ValueTask List(RestCall call)
    {
        var page = Page.Of(call);
        var after = page.Cursor is { } id ? administration.Find(id).Number : 0;
        var rows = administration.Tenants.Where(tenant => tenant.Number > after).Take(page.Limit + 1).ToArray();
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var tenant in rows.Take(page.Limit)) AdminJson.Write(body, tenant);
        Page.Close(body, rows.Length > page.Limit ? rows[page.Limit - 1].Name : null);
        body.Send(call.Http, StatusCodes.Status200OK);
        return default;
    }

    private async ValueTask SetSuspendedAsync(RestCall call, bool suspended)
    {
        var body = new AdminBody(await runner.ReadBytesAsync(call), "reason");
        var (tenant, isReplay) = await administration.SetSuspendedAsync(call.Parameters[0], suspended, RequestOf(call, body));
        Send(call, tenant, isReplay, StatusCodes.Status200OK);
    }

    private async ValueTask EraseAsync(RestCall call)
    {
        var body = new AdminBody(await runner.ReadBytesAsync(call), "reason");
        var (tenant, isReplay) = await administration.EraseAsync(call.Parameters[0], RequestOf(call, body));
        Send(call, tenant, isReplay, StatusCodes.Status200OK);
    }

    private async ValueTask CreateKeyAsync(RestCall call)
    {
        var body = new AdminBody(await runner.ReadBytesAsync(call), "name", "scopes", "expires_at", "expires_in", "reason");
        var wanted = new NewKey(body.Texts("scopes"), body.Text("name"), body.Time("expires_at"), body.Number("expires_in") ?? 0);
        Send(call, await administration.CreateKeyAsync(call.Parameters[0], wanted, RequestOf(call, body)));
    }

    private async ValueTask RotateKeyAsync(RestCall call)
    {
        var body = new AdminBody(await runner.ReadBytesAsync(call), "overlap_seconds", "reason");
        var overlap = body.Number("overlap_seconds") ?? Administration.OverlapSecondsDefault;
        Send(call, await administration.RotateKeyAsync(call.Parameters[0], call.Parameters[1], (int)Math.Clamp(overlap, -1, int.MaxValue), RequestOf(call, body)));
    }

    private async ValueTask RevokeKeyAsync(RestCall call)
    {
        var body = new AdminBody(await runner.ReadBytesAsync(call), "reason");
        var (key, isReplay) = await administration.RevokeKeyAsync(call.Parameters[0], call.Parameters[1], RequestOf(call, body));
        var answer = Open(call, isReplay);
        AdminJson.Write(answer, administration.Find(call.Parameters[0]), key, runner.Now);
        answer.CloseEnvelope();
        answer.Send(call.Http, StatusCodes.Status200OK);
    }

    private ValueTask ListKeys(RestCall call)
    {
        var page = Page.Of(call);
        var tenant = administration.Find(call.Parameters[0]);
        var rows = administration.KeysOf(call.Parameters[0]).SkipWhile(key => page.Cursor != null && key.KeyId != page.Cursor).Skip(page.Cursor is null ? 0 : 1).Take(page.Limit + 1).ToArray();
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var key in rows.Take(page.Limit)) AdminJson.Write(body, tenant, key, runner.Now);
        Page.Close(body, rows.Length > page.Limit ? rows[page.Limit - 1].KeyId : null);
        body.Send(call.Http, StatusCodes.Status200OK);
        return default;
    }

    private static AdminRequest RequestOf(RestCall call, AdminBody body) => new(call.Caller, body.Text("reason"), call.Key);

    private static JsonBody Open(RestCall call, bool isReplay)
    {
        if (isReplay) call.Http.Response.Headers["Idempotent-Replayed"] = "true";
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        return body;
    }

    private static void Send(RestCall call, TenantContext tenant, bool isReplay, int status)
    {
        var body = Open(call, isReplay);
        AdminJson.Write(body, tenant);
        body.CloseEnvelope();
        body.Send(call.Http, status);
    }

    private void Send(RestCall call, in AdminAnswer<MintedKey> minted)
    {
        call.Http.Response.Headers.CacheControl = "no-store";
        var body = Open(call, minted.IsReplay);
        AdminJson.Write(body, administration.Find(call.Parameters[0]), minted.Value, runner.Now);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status201Created);
    }
}
