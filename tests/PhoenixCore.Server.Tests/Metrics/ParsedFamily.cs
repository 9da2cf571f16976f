namespace PhoenixCore.Server.Tests.Metrics;

/// <summary>A metric as it was read.</summary>
internal sealed class ParsedFamily(string name, string help)
{
    public string Name => name;

    public string Help => help;

    public string? Type { get; set; }

    public List<ParsedSample> Samples { get; } = [];
}
