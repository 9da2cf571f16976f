using System.Text.Json;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Config;

/// <summary>phx config show: what a directory's server was started with last.</summary>
internal static class ConfigShow
{
    private const string FileName = "last-start.json";

    /// <param name="withOrigin">Where each value came from.</param>
    /// <param name="changedOnly">Without those that are as they are by default.</param>
    public static int Run(string directory, bool withOrigin, bool changedOnly, bool json, ToolConsole console)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) throw new ToolException(ExitCode.NotFound, $"there is no {FileName} in {directory}: no server of this version was started on it");
        using var document = Parse(path);
        var root = document.RootElement;
        var rows = root.GetProperty("settings").EnumerateArray().Select(row => (Name: row.GetProperty("name").GetString()!, Value: row.GetProperty("value").GetString()!, Origin: row.GetProperty("origin").GetString()!))
            .Where(row => !changedOnly || row.Origin != "default").ToArray();
        if (json)
        {
            foreach (var row in rows)
            {
                JsonLine.Write(console.Out, to =>
                {
                    to.WriteString("name", row.Name);
                    to.WriteString("value", row.Value);
                    if (withOrigin) to.WriteString("origin", row.Origin);
                });
            }

            return ExitCode.Ok;
        }

        console.Out.WriteLine($"started {root.GetProperty("started_at").GetString()}, version {root.GetProperty("version").GetString()}");
        var table = withOrigin ? Tables.WithColumns("setting", "value", "origin") : Tables.WithColumns("setting", "value");
        foreach (var (name, value, origin) in rows) table.Row(withOrigin ? [name, value, origin] : [name, value]);
        console.Tables().Write(table);
        return ExitCode.Ok;
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException broken)
        {
            throw new ToolException(ExitCode.DamagedData, $"{path} cannot be read: {broken.Message}");
        }
    }
}
