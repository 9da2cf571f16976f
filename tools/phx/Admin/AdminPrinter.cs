using System.Text.Json;
using PhoenixCore.Tools.Terminal;
using Spectre.Console;

namespace PhoenixCore.Tools.Admin;

/// <summary>Shows tenants and keys: a table for people, or the server's own objects, one on a line.</summary>
internal static class AdminPrinter
{
    private static readonly (string Title, string Member)[] TenantColumns = [("tenant", "id"), ("status", "status"), ("created", "created_at")];

    private static readonly (string Title, string Member)[] KeyColumns =
        [("key", "id"), ("name", "name"), ("status", "status"), ("scopes", "scopes"), ("created", "created_at"), ("expires", "expires_at"), ("last used", "last_used_at")];

    private static readonly (string Title, string Member)[] SnapshotColumns = [("snapshot", "id"), ("sequence", "sequence"), ("as of", "as_of"), ("bytes", "bytes"), ("digest", "digest")];

    public static int Snapshots(IEnumerable<JsonElement> rows, bool json, ToolConsole console) => Print(rows, SnapshotColumns, json, console);

    public static int Tenants(IEnumerable<JsonElement> rows, bool json, ToolConsole console) => Print(rows, TenantColumns, json, console);

    public static int Keys(IEnumerable<JsonElement> rows, bool json, ToolConsole console) => Print(rows, KeyColumns, json, console);

    /// <summary>One key; a new one with its text on a line of its own, once.</summary>
    public static int Key(JsonElement key, bool json, ToolConsole console)
    {
        Keys([key], json, console);
        if (!json && key.TryGetProperty("api_key", out var text)) console.Out.WriteLine($"api-key: {text.GetString()}");
        return ExitCode.Ok;
    }

    private static int Print(IEnumerable<JsonElement> rows, (string Title, string Member)[] columns, bool json, ToolConsole console)
    {
        if (json)
        {
            foreach (var row in rows) console.Out.WriteLine(row.GetRawText());
            return ExitCode.Ok;
        }

        var table = Terminal.Tables.WithColumns([.. columns.Select(column => column.Title)]);
        foreach (var row in rows) table.Row([.. columns.Select(column => Text(row.GetProperty(column.Member)))]);
        console.Tables().Write(table);
        return ExitCode.Ok;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "-",
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(one => one.GetString())),
        _ => value.ToString(),
    };
}
