using System.CommandLine;
using PhoenixCore.Tools.Admin;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx tenant</c>.</summary>
internal static class TenantSyntax
{
    public static Command Build(ToolConsole console) => new("tenant", $"Tenants of a running server; the key in {AdminClient.KeyVariable} needs the scope admin.")
    {
        Change(console, "create", "Makes a tenant, with its house wallet.", name => ("/tenants", name)),
        List(console),
        Change(console, "suspend", "Refuses everything of a tenant from now on.", name => ($"/tenants/{AdminClient.Escape(name)}/suspend", null)),
        Export(console),
        Change(console, "resume", "Ends a suspension.", name => ($"/tenants/{AdminClient.Escape(name)}/resume", null)),
        Change(console, "erase", "Makes the texts of a suspended tenant unreadable for ever, revokes its keys, removes its webhooks; amounts stay. Needs --reason.", name => ($"/tenants/{AdminClient.Escape(name)}/erase", null)),
    };

    /// <param name="request">Path, and the id in the body if there is one.</param>
    private static Command Change(ToolConsole console, string verb, string what, Func<string, (string Path, string? Id)> request)
    {
        var tenant = new Argument<string>("tenant") { Description = "Id of the tenant: 1 to 64 of A-Z a-z 0-9 . _ -" };
        var (url, reason, json) = (AdminOptions.Url(), AdminOptions.Reason(), Shared.Json("The tenant as one JSON object."));
        var command = new Command(verb, what) { tenant, url, reason, json };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url));
            var (path, id) = request(parsed.GetRequiredValue(tenant));
            var body = new Dictionary<string, string?> { ["reason"] = parsed.GetValue(reason) };
            if (id != null) body["id"] = id;
            return AdminPrinter.Tenants([client.Post(path, body)], parsed.GetValue(json), console);
        });
        return command;
    }

    private static Command Export(ToolConsole console)
    {
        var tenant = new Argument<string>("tenant") { Description = "Id of the tenant" };
        var to = new Option<string>("--out") { Description = "File for the lines; it must not exist.", Required = true };
        var (url, reason) = (AdminOptions.Url(), AdminOptions.Reason());
        var command = new Command("export", "Writes all transactions, assets and wallets of a tenant into a file, one JSON object a line, and checks that it is whole.") { tenant, to, url, reason };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url));
            return TenantExport.Run(client, parsed.GetRequiredValue(tenant), parsed.GetValue(reason), parsed.GetRequiredValue(to), console);
        });
        return command;
    }

    private static Command List(ToolConsole console)
    {
        var (url, json) = (AdminOptions.Url(), Shared.Json("One JSON object per tenant."));
        var command = new Command("ls", "Lists the tenants in the order of their making.") { url, json };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url));
            return AdminPrinter.Tenants(client.List("/tenants"), parsed.GetValue(json), console);
        });
        return command;
    }
}
