using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PhoenixCore.Bench.Load.Results;

/// <summary>Every figure by name, with what it was asked to reach; printed as it comes and written as JSON at the end.</summary>
public sealed class ResultTable
{
    private readonly JsonArray _rows = [];

    /// <param name="unit">What the figure counts: "M/s", "us", "ratio", …</param>
    /// <param name="target">The least (or, with <paramref name="most"/>, the most) that is wanted; null = none.</param>
    public void Add(string name, double value, string unit, double? target = null, bool most = false)
    {
        var held = target is not { } wanted ? "" : (most ? value <= wanted : value >= wanted) ? "ok" : "MISSED";
        var bound = target is { } t ? (most ? "<= " : ">= ") + t.ToString("0.###", CultureInfo.InvariantCulture) : "";
        Console.WriteLine($"  {name,-58} {value.ToString("0.###", CultureInfo.InvariantCulture),12} {unit,-8} {bound,-10} {held}");
        _rows.Add(new JsonObject { ["name"] = name, ["value"] = Math.Round(value, 6), ["unit"] = unit, ["target"] = target, ["held"] = held.Length == 0 ? null : held == "ok" });
    }

    public static void Section(string title) => Console.WriteLine($"\n{title}");

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    public void Write(string directory, string commit, ulong seed, bool quick)
    {
        Directory.CreateDirectory(directory);
        var now = DateTime.UtcNow;
        var document = new JsonObject
        {
            ["at"] = now.ToString("o", CultureInfo.InvariantCulture),
            ["commit"] = commit,
            ["seed"] = seed,
            ["quick"] = quick,
            ["machine"] = new JsonObject { ["cores"] = Environment.ProcessorCount, ["processor"] = Processor(), ["kernel"] = Environment.OSVersion.VersionString, ["runtime"] = Environment.Version.ToString() },
            ["figures"] = _rows,
        };
        var path = Path.Combine(directory, now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + (quick ? "-quick" : "") + ".json");
        File.WriteAllText(path, document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        Console.WriteLine($"\nwritten: {path}");
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : "unknown";
}
