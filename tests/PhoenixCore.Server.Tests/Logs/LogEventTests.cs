using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using PhoenixCore.Server.Logs;

namespace PhoenixCore.Server.Tests.Logs;

/// <summary>Events have numbers that people can rely on.</summary>
public sealed partial class LogEventTests
{
    [Fact]
    public void No_number_and_no_name_is_used_twice()
    {
        Assert.Equal(LogEvents.All.Count, LogEvents.All.Select(known => known.Id).Distinct().Count());
        Assert.Equal(LogEvents.All.Count, LogEvents.All.Select(known => known.Name).Distinct().Count());
    }

    [Fact]
    public void The_handbook_lists_every_event_and_no_other()
    {
        var listed = Row().Matches(File.ReadAllText(Handbook.Path)).Select(row => (row.Groups[1].Value, row.Groups[2].Value)).ToArray();
        Assert.Equal(LogEvents.All.Select(known => (LogEvents.Text(known), known.Name!)).Order(), listed.Order());
    }

    [Fact]
    public void Every_line_of_code_that_logs_names_its_event()
    {
        var (named, nameless) = (0, new List<string>());
        foreach (var file in Directory.EnumerateFiles(Handbook.Root("src"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            foreach (Match call in LogCall().Matches(File.ReadAllText(file)))
            {
                if (call.Groups["event"].Success) named++;
                else nameless.Add($"{Path.GetFileName(file)}: {call.Value}");
            }
        }

        Assert.Empty(nameless);
        Assert.True(named >= 14, $"{named} calls were seen");
    }

    [Fact]
    public void An_event_is_one_line_of_JSON_with_its_parts_as_members()
    {
        using var to = new MemoryStream();
        using var factory = LoggerFactory.Create(logging => logging.AddLines(new JsonLines(to)));
        var log = factory.CreateLogger("webhooks");
        log.LogWarning(LogEvents.WebhookDisabled, "webhook {Endpoint} is disabled: {Reason}", 7UL, "two\nlines \"and\" quotes");
        log.LogError(LogEvents.RequestFailed, new InvalidOperationException("oh\nno"), "{Method} {RequestId} failed, {Id} {Ratio}", "GET", "r1", 3, 0.5);
        log.LogWarning("what the framework says: {Level}", "x");
        var lines = Encoding.UTF8.GetString(to.ToArray()).Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal("", lines[3]);
        var first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(["time", "level", "id", "event", "category", "message", "endpoint", "reason"], first.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("warning", "PHX5001", "WebhookDisabled", "webhooks", 7), (first.GetProperty("level").GetString(), first.GetProperty("id").GetString(), first.GetProperty("event").GetString(), first.GetProperty("category").GetString(), first.GetProperty("endpoint").GetInt32()));
        Assert.Equal("two\nlines \"and\" quotes", first.GetProperty("reason").GetString());
        Assert.True(DateTimeOffset.TryParse(first.GetProperty("time").GetString(), out _));
        var second = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(("PHX4001", 3, 0.5), (second.GetProperty("id").GetString(), second.GetProperty("id_").GetInt32(), second.GetProperty("ratio").GetDouble()));
        Assert.Equal(("System.InvalidOperationException", "oh\nno"), (second.GetProperty("error").GetProperty("type").GetString(), second.GetProperty("error").GetProperty("message").GetString()));
        var third = JsonDocument.Parse(lines[2]).RootElement;
        Assert.Equal(("PHX0001", "Framework", "x"), (third.GetProperty("id").GetString(), third.GetProperty("event").GetString(), third.GetProperty("level_").GetString()));
    }

    [GeneratedRegex(@"^\| `(PHX\d{4})` \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\((?<event>(LogEvents|GrpcEvents)\.\w+, )?")]
    private static partial Regex LogCall();
}
