using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PhoenixCore.Server.Tests.Metrics;

/// <summary>Reads the Prometheus text format 0.0.4 and takes nothing that the format does not allow, nor what a scraper would only tolerate.</summary>
internal sealed partial class PrometheusParser
{
    private readonly Dictionary<string, ParsedFamily> _families = [];
    private readonly HashSet<string> _series = [];
    private ParsedFamily? _present;

    public IReadOnlyDictionary<string, ParsedFamily> Families => _families;

    public static PrometheusParser Parse(string text)
    {
        var parser = new PrometheusParser();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
        foreach (var line in text[..^1].Split('\n')) parser.Take(line);
        foreach (var family in parser._families.Values.Where(family => family.Type == "histogram")) CheckHistogram(family);
        return parser;
    }

    /// <summary>The value of one series; labels as <c>name=value</c> in any order.</summary>
    public double this[string name, params string[] labels] => Find(name, labels) ?? throw new KeyNotFoundException($"{name} {string.Join(',', labels)}");

    public double? Find(string name, params string[] labels)
    {
        var family = _families.Values.FirstOrDefault(family => family.Samples.Any(sample => sample.Name == name));
        var found = family?.Samples.Where(sample => sample.Name == name && sample.Labels.Count == labels.Length && labels.All(label => sample.Labels.GetValueOrDefault(label.Split('=', 2)[0]) == label.Split('=', 2)[1])).ToArray() ?? [];
        return found.Length switch
        {
            0 => null,
            1 => found[0].Value,
            _ => throw new InvalidOperationException($"{name} is there twice"),
        };
    }

    private void Take(string line)
    {
        if (line.StartsWith("# HELP ", StringComparison.Ordinal)) Begin(line["# HELP ".Length..]);
        else if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) SetType(line["# TYPE ".Length..]);
        else AddSample(line);
    }

    private void Begin(string rest)
    {
        var space = rest.IndexOf(' ', StringComparison.Ordinal);
        var (name, help) = (rest[..space], rest[(space + 1)..]);
        Assert.Matches(MetricName(), name);
        Assert.True(help.Length > 0 && !HelpEscape().Replace(help, "").Contains('\\', StringComparison.Ordinal), $"help of {name}: {help}");
        _present = new ParsedFamily(name, help);
        Assert.True(_families.TryAdd(name, _present), $"{name} is there twice");
    }

    private void SetType(string rest)
    {
        var parts = rest.Split(' ');
        Assert.Equal(2, parts.Length);
        Assert.Equal(_present!.Name, parts[0]);
        Assert.Null(_present.Type);
        Assert.Empty(_present.Samples);
        Assert.Contains(parts[1], new[] { "counter", "gauge", "histogram" });
        if (parts[1] == "counter") Assert.EndsWith("_total", _present.Name, StringComparison.Ordinal);
        _present.Type = parts[1];
    }

    private void AddSample(string line)
    {
        var match = SampleLine().Match(line);
        Assert.True(match.Success, $"no sample: {line}");
        var name = match.Groups["name"].Value;
        Assert.NotNull(_present?.Type);
        var suffix = name[Math.Min(name.Length, _present.Name.Length)..];
        Assert.StartsWith(_present.Name, name, StringComparison.Ordinal);
        Assert.Contains(suffix, _present.Type == "histogram" ? ["_bucket", "_sum", "_count"] : new[] { "" });
        var labels = LabelsOf(match.Groups["labels"].Value);
        Assert.True(_series.Add(name + "|" + string.Join(",", labels.OrderBy(label => label.Key, StringComparer.Ordinal))), $"twice: {line}");
        var text = match.Groups["value"].Value;
        var value = text switch
        {
            "+Inf" => double.PositiveInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        Assert.False(double.IsNaN(value), line);
        if (_present.Type is "counter" or "histogram") Assert.True(value >= 0, line);
        _present.Samples.Add(new ParsedSample(name, labels, value));
    }

    private static Dictionary<string, string> LabelsOf(string text)
    {
        var labels = new Dictionary<string, string>();
        while (text.Length > 0)
        {
            var match = Label().Match(text);
            Assert.True(match is { Success: true, Index: 0 }, $"no label: {text}");
            Assert.True(labels.TryAdd(match.Groups["name"].Value, Unescape(match.Groups["value"].Value)), text);
            text = text[match.Length..];
            if (text.Length == 0) break;
            Assert.True(text[0] == ',' && text.Length > 1, text);
            text = text[1..];
        }

        return labels;
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] != '\\' ? text[i] : text[++i] switch
            {
                '\\' => '\\',
                '"' => '"',
                'n' => '\n',
                var other => throw new FormatException($"\\{other}"),
            });
        }

        return plain.ToString();
    }

    /// <summary>Buckets rise, the last is +Inf and equals the count, and each set of labels has all three parts.</summary>
    private static void CheckHistogram(ParsedFamily family)
    {
        string Key(ParsedSample sample) => string.Join(",", sample.Labels.Where(label => label.Key != "le").OrderBy(label => label.Key, StringComparer.Ordinal));
        foreach (var group in family.Samples.GroupBy(Key))
        {
            var buckets = group.Where(sample => sample.Name == family.Name + "_bucket").ToArray();
            var bounds = buckets.Select(sample => sample.Labels["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(sample.Labels["le"], CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(bounds.Order(), bounds);
            Assert.Equal(bounds.Distinct().Count(), bounds.Length);
            Assert.Equal(double.PositiveInfinity, bounds[^1]);
            Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
            Assert.Equal(buckets[^1].Value, group.Single(sample => sample.Name == family.Name + "_count").Value);
            Assert.Single(group, sample => sample.Name == family.Name + "_sum");
        }
    }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex MetricName();

    [GeneratedRegex("""\\[\\n]""")]
    private static partial Regex HelpEscape();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>[^\n]+)\})? (?<value>[-+0-9.eEInfNa]+)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(\\[\\"n]|[^"\\\n])*)"(?=,|$)""")]
    private static partial Regex Label();
}
