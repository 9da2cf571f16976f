using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Snapshots of the shard, for operators.</summary>
internal sealed class SnapshotHandlers(CommandRunner runner, SnapshotDesk snapshots)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/snapshots", Scope.Admin, CreateAsync, NeedsKey: false),
        new("GET", "/snapshots", Scope.Admin, List, NeedsKey: false),
    ];

    private async ValueTask CreateAsync(RestCall call)
    {
        _ = new AdminBody(await runner.ReadBytesAsync(call)); // it has no members
        var taken = await snapshots.CreateAsync();
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        SnapshotJson.Write(body, taken);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status201Created);
    }

    private ValueTask List(RestCall call)
    {
        var page = Page.Of(call);
        var rows = snapshots.Sound().SkipWhile(snapshot => page.Cursor != null && snapshot.Name != page.Cursor).Skip(page.Cursor is null ? 0 : 1).Take(page.Limit + 1).ToArray();
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var snapshot in rows.Take(page.Limit)) SnapshotJson.Write(body, snapshot);
        Page.Close(body, rows.Length > page.Limit ? rows[page.Limit - 1].Name : null);
        body.Send(call.Http, StatusCodes.Status200OK);
        return default;
    }
}
