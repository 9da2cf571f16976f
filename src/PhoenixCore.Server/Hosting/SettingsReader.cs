using System.Collections;
using System.Text.Json;
using PhoenixCore.Replication;

namespace PhoenixCore.Server.Hosting;

/// <summary>Reads the settings from flags, environment and file, in this order of precedence. What it does not know is an error that names it.</summary>
public static class SettingsReader
{
    private const string ConfigFlag = "--config";
    private const string ConfigVariable = Setting.VariablePrefix + "CONFIG";

    /// <param name="arguments">Flags with their values: <c>--name value</c> or <c>--name=value</c>.</param>
    /// <param name="environment">Variables; only those with the prefix count.</param>
    /// <exception cref="SettingsException">Something is unknown, missing its value, or cannot be used.</exception>
    public static ServerSettings Read(IReadOnlyList<string> arguments, IDictionary environment)
    {
        var flags = ReadFlags(arguments);
        var variables = ReadVariables(environment);
        var path = flags.GetValueOrDefault(ConfigFlag) ?? variables.GetValueOrDefault(ConfigVariable);
        var keys = path is null ? [] : ReadFile(path);

        var settings = new ServerSettings();
        var given = new List<GivenSetting>();
        foreach (var setting in SettingsTable.All)
        {
            var origin = "default";
            if (!setting.IsSecret && flags.TryGetValue(setting.Flag, out var value)) origin = setting.Flag;
            else if (variables.TryGetValue(setting.Variable, out value)) origin = setting.Variable;
            else if (keys.TryGetValue(setting.Key, out value)) origin = $"\"{setting.Key}\" in {path}";
            if (value is not null) settings = Apply(setting, settings, value, origin);
            given.Add(new GivenSetting(setting.Name, setting.IsSecret ? value is null ? "not given" : "given" : value ?? setting.Default, origin));
        }

        if (settings.SegmentMaxMebibytes < settings.SegmentMinMebibytes) throw new SettingsException("--segment-max-mib is smaller than --segment-min-mib");
        if (settings.TlsKey != null && settings.TlsCertificate == null) throw new SettingsException("--tls-key needs --tls-certificate");
        if (new[] { settings.JwtKeys, settings.JwtIssuer, settings.JwtAudience }.Count(value => value != null) is not (0 or 3)) throw new SettingsException("--jwt-keys, --jwt-issuer and --jwt-audience are given together or not at all");
        if (settings.ReplicationSecret == null && (settings.Follow != null || settings.Durability != Durability.Local)) throw new SettingsException("--follow and --durability quorum or all need PHOENIX_REPLICATION_SECRET");
        if (settings.ReplicationCa != null && settings.TlsCertificate == null) throw new SettingsException("--replication-ca needs --tls-certificate");
        return settings with { Given = given };
    }

    private static ServerSettings Apply(Setting setting, ServerSettings settings, string value, string origin)
    {
        try
        {
            return setting.Apply(settings, value);
        }
        catch (FormatException e)
        {
            throw new SettingsException($"{origin}: {e.Message}");
        }
    }

    private static Dictionary<string, string> ReadFlags(IReadOnlyList<string> arguments)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            var flag = equals < 0 ? arguments[i] : arguments[i][..equals];
            if (flag != ConfigFlag && !SettingsTable.All.Any(setting => !setting.IsSecret && setting.Flag == flag)) throw new SettingsException($"{flag} is not a flag; --help lists them");
            if (equals < 0 && i + 1 == arguments.Count) throw new SettingsException($"{flag} needs a value");
            if (!flags.TryAdd(flag, equals < 0 ? arguments[++i] : arguments[i][(equals + 1)..])) throw new SettingsException($"{flag} is given twice");
        }

        return flags;
    }

    private static Dictionary<string, string> ReadVariables(IDictionary environment)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in environment)
        {
            var name = (string)entry.Key;
            if (!name.StartsWith(Setting.VariablePrefix, StringComparison.Ordinal)) continue;
            if (name != ConfigVariable && !SettingsTable.All.Any(setting => setting.Variable == name)) throw new SettingsException($"{name} is not a variable of this server; --help lists them");
            if (entry.Value is string { Length: > 0 } value) variables[name] = value;
        }

        return variables;
    }

    private static Dictionary<string, string> ReadFile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new SettingsException($"{path}: an object is expected");
            var keys = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!SettingsTable.All.Any(setting => !setting.IsSecret && setting.Key == member.Name)) throw new SettingsException($"\"{member.Name}\" in {path} is not a setting");
                var text = member.Value.ValueKind is JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
                if (!keys.TryAdd(member.Name, text)) throw new SettingsException($"\"{member.Name}\" in {path} is given twice");
            }

            return keys;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SettingsException($"{path}: {e.Message}");
        }
    }
}
