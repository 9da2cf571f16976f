using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Each room knows as little as it can.</summary>
public sealed partial class LayerTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Ledger"] = [],
        ["Sequencer"] = [],
        ["Journal"] = [],
        ["Shard"] = ["Ledger", "Sequencer", "Journal"],
        ["Replication"] = ["Shard", "Journal"],
        ["Contracts"] = ["Google.Protobuf", "Grpc.Tools"],
        ["Grpc"] = ["Contracts", "Google.Protobuf", "Microsoft.AspNetCore.App"],
        ["Client"] = ["Contracts", "Google.Protobuf"],
    };

    private static readonly string Source = Path.GetFullPath(Path.Combine(Here(), "..", "..", "src"));

    [Fact]
    public void Every_room_uses_only_the_rooms_below_it()
    {
        var rooms = Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories);
        Assert.True(rooms.Length >= 5);
        foreach (var room in rooms)
        {
            var name = Path.GetFileNameWithoutExtension(room)["PhoenixCore.".Length..];
            if (!MayUse.TryGetValue(name, out var allowed)) continue; // the host may use everything
            string[] kinds = ["ProjectReference", "PackageReference", "FrameworkReference", "Reference"];
            var used = XDocument.Load(room).Descendants().Where(item => kinds.Contains(item.Name.LocalName)).Select(item => NameOf(item.Attribute("Include")!.Value));
            Assert.Empty(used.Except(allowed).Select(other => $"{name} uses {other}"));
        }
    }

    [Fact]
    public void The_ledger_s_assembly_refers_to_the_base_library_alone() =>
        Assert.DoesNotContain(typeof(LedgerCore).Assembly.GetReferencedAssemblies(), reference => !reference.Name!.StartsWith("System.", StringComparison.Ordinal));

    [Fact]
    public void The_ledger_s_sources_name_no_clock_no_chance_no_thread_and_no_file()
    {
        var faults = new List<string>();
        foreach (var file in LedgerFiles())
        {
            var lines = File.ReadAllLines(file);
            for (var i = 0; i < lines.Length; i++)
            {
                var code = Comment().Replace(Text().Replace(lines[i], "\"\""), "");
                foreach (Match banned in Banned().Matches(code)) faults.Add($"{Path.GetFileName(file)}:{i + 1}: {banned.Value}");
                if (code.Contains("DllImport", StringComparison.Ordinal) && Path.GetFileName(file) != "NativeRegion.cs") faults.Add($"{Path.GetFileName(file)}:{i + 1}: DllImport");
            }
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("lock (gate) { }")]
    [InlineData("new Dictionary<int, int>()")]
    [InlineData("public async Task Run()")]
    [InlineData("double rate = 1;")]
    public void A_banned_name_is_seen(string code) => Assert.Matches(Banned(), code);

    [Fact]
    public void Lookups_of_constants_are_no_dictionaries() => Assert.DoesNotMatch(Banned(), "FrozenDictionary<UInt128, int> Scales = x.ToFrozenDictionary();");

    private static IEnumerable<string> LedgerFiles()
    {
        var folder = Path.Combine(Source, "PhoenixCore.Ledger");
        string[] built = [Path.Combine(folder, "bin") + Path.DirectorySeparatorChar, Path.Combine(folder, "obj") + Path.DirectorySeparatorChar];
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !built.Any(file.StartsWith)).ToList();
        Assert.True(files.Count > 40);
        return files;
    }

    private static string NameOf(string include)
    {
        var name = include.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(include.Replace('\\', '/')) : include;
        return name.StartsWith("PhoenixCore.", StringComparison.Ordinal) ? name["PhoenixCore.".Length..] : name;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset|TimeProvider|Stopwatch|Environment|Random|RandomNumberGenerator|NewGuid|Task|ValueTask|async|await|lock|Monitor|Interlocked|Thread|File|Directory|float|double|GetHashCode|System\.IO|System\.Net|System\.Threading|Json\w*|Console)\b|\b(Dictionary|HashSet|ConcurrentDictionary)<")]
    private static partial Regex Banned();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Text();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();
}
