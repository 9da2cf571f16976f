using System.CommandLine;
using PhoenixCore.Tools.Admin;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx key</c>.</summary>
internal static class KeySyntax
{
    private const int OverlapSecondsMax = 30 * 24 * 3_600;

    public static Command Build(ToolConsole console) => new("key", $"API keys of a running server's tenants; the key in {AdminClient.KeyVariable} needs the scope admin.")
    {
        Create(console), List(console), Revoke(console), Rotate(console),
    };

    private static Argument<string> Tenant() => new("tenant") { Description = "Id of the tenant." };

    private static Argument<string> KeyId() => new("key") { Description = "Id of the key: the part between the two underscores." };

    private static string PathOf(string tenant) => $"/tenants/{AdminClient.Escape(tenant)}/keys";

    private static Command Create(ToolConsole console)
    {
        var tenant = Tenant();
        var scopes = new Option<string[]>("--scope") { Description = "What the key may do: wallets:read, wallets:write, or narrower ones; may be repeated.", DefaultValueFactory = _ => ["wallets:read", "wallets:write"] };
        var name = new Option<string?>("--name") { Description = "Your words for it." };
        var expires = new Option<long?>("--expires-in") { Description = "Seconds until it ends; without it, it never does." };
        var (url, reason, json) = (AdminOptions.Url(), AdminOptions.Reason(), Shared.Json("The key as one JSON object."));
        var command = new Command("create", "Makes a key and shows it, this once.") { tenant, scopes, name, expires, url, reason, json };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url));
            var body = new Dictionary<string, object?> { ["scopes"] = parsed.GetRequiredValue(scopes), ["name"] = parsed.GetValue(name), ["expires_in"] = parsed.GetValue(expires), ["reason"] = parsed.GetValue(reason) };
            return AdminPrinter.Key(client.Post(PathOf(parsed.GetRequiredValue(tenant)), body), parsed.GetValue(json), console);
        });
        return command;
    }

    private static Command List(ToolConsole console)
    {
        var (tenant, url, json) = (Tenant(), AdminOptions.Url(), Shared.Json("One JSON object per key."));
        var command = new Command("ls", "Lists a tenant's keys, ended ones too; never the keys themselves.") { tenant, url, json };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url));
            return AdminPrinter.Keys(client.List(PathOf(parsed.GetRequiredValue(tenant))), parsed.GetValue(json), console);
        });
        return command;
    }

    private static Command Revoke(ToolConsole console)
    {
        var (tenant, key, url, reason, json) = (Tenant(), KeyId(), AdminOptions.Url(), AdminOptions.Reason(), Shared.Json("The key as one JSON object."));
        var command = new Command("revoke", "Ends a key, its tokens and what is open with it, at once.") { tenant, key, url, reason, json };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url));
            var path = $"{PathOf(parsed.GetRequiredValue(tenant))}/{AdminClient.Escape(parsed.GetRequiredValue(key))}/revoke";
            return AdminPrinter.Key(client.Post(path, new Dictionary<string, string?> { ["reason"] = parsed.GetValue(reason) }), parsed.GetValue(json), console);
        });
        return command;
    }

    private static Command Rotate(ToolConsole console)
    {
        var overlap = new Option<int>("--overlap") { Description = "Seconds that the old key goes on.", DefaultValueFactory = _ => 24 * 3_600 }.Within(0, OverlapSecondsMax);
        var (tenant, key, url, reason, json) = (Tenant(), KeyId(), AdminOptions.Url(), AdminOptions.Reason(), Shared.Json("The new key as one JSON object."));
        var command = new Command("rotate", "Makes a key like this one and shows it, this once; the old one ends after the overlap.") { tenant, key, overlap, url, reason, json };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url));
            var path = $"{PathOf(parsed.GetRequiredValue(tenant))}/{AdminClient.Escape(parsed.GetRequiredValue(key))}/rotate";
            var body = new Dictionary<string, object?> { ["overlap_seconds"] = parsed.GetValue(overlap), ["reason"] = parsed.GetValue(reason) };
            return AdminPrinter.Key(client.Post(path, body), parsed.GetValue(json), console);
        });
        return command;
    }
}
