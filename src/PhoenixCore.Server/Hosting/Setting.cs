namespace PhoenixCore.Server.Hosting;

/// <summary>One line of the table of settings.</summary>
/// <param name="Name">As a flag without its dashes (<c>segment-max-mib</c>); the file's key and the variable follow from it.</param>
/// <param name="Default">As a text that could be given.</param>
/// <param name="Meaning">For people, with unit and range.</param>
/// <param name="Apply">The settings with this one set. Throws <see cref="FormatException"/> saying what is expected.</param>
/// <param name="IsSecret">Only from the environment: flags are seen in process lists and files get copied.</param>
public sealed record Setting(string Name, string Default, string Meaning, Func<ServerSettings, string, ServerSettings> Apply, bool IsSecret = false)
{
    public const string VariablePrefix = "PHOENIX_";

    public string Flag => "--" + Name;

    /// <summary>Name of the environment variable.</summary>
    public string Variable => VariablePrefix + Name.Replace('-', '_').ToUpperInvariant();

    /// <summary>Key in the configuration file.</summary>
    public string Key => Name.Replace('-', '_');
}
