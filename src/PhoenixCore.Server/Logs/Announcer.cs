namespace PhoenixCore.Server.Logs;

/// <summary>Tells how the process fares, whatever the log level: as lines for people, or as events. Any thread.</summary>
/// <param name="lines">Null = for people.</param>
internal sealed class Announcer(JsonLines? lines)
{
    private const string Category = "server";

    /// <param name="forPeople">The line.</param>
    /// <param name="fields">The same for machines.</param>
    public void Say(EventId id, string forPeople, params (string Name, object? Value)[] fields) => Write(LogLevel.Information, id, forPeople, fields, Console.Out);

    /// <summary>What only people want to read.</summary>
    public void SayToPeople(string line)
    {
        if (lines is null) Console.Out.WriteLine(line);
    }

    /// <summary>What people see anyway.</summary>
    public void SayToMachines(EventId id, string text) => lines?.Write(LogLevel.Information, id, Category, text, []);

    /// <summary>Why the process ends; <c>exit_code</c> is among the fields.</summary>
    public void Fail(EventId id, string forPeople, int exitCode) => Write(LogLevel.Critical, id, forPeople.ReplaceLineEndings(" "), [("exit_code", exitCode)], Console.Error);

    /// <summary>The one secret that is ever shown: never in the log, which is kept and copied.</summary>
    public void ShowKey(string key)
    {
        (lines is null ? Console.Out : Console.Error).WriteLine($"api-key: {key}");
        lines?.Write(LogLevel.Information, LogEvents.FirstKeyMinted, Category, "the first key was minted and is shown once, on standard error", []);
    }

    private void Write(LogLevel level, EventId id, string text, (string Name, object? Value)[] fields, TextWriter forPeople)
    {
        if (lines is null) forPeople.WriteLine(text);
        else lines.Write(level, id, Category, text, fields.Select(field => new KeyValuePair<string, object?>(field.Name, field.Value)));
    }
}
