using System.Text.Json;
using System.Text.RegularExpressions;
using PhoenixCore.Server.Hosting;

namespace PhoenixCore.Server.Tests.Metrics;

/// <summary>Alert rules, dashboard and unit speak of metrics, labels and flags that are there.</summary>
public sealed partial class DeploymentTests
{
    [Fact]
    public async Task Alert_rules_and_dashboard_name_only_metrics_and_labels_that_are_scraped()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("ann", "USD", 5);
        Assert.Equal(201, (await server.Client.PostAsync("/snapshots")).Status); // so that no metric is without a value
        var scraped = await MetricsTests.ScrapeAsync(server.Client);
        var series = scraped.Families.Values.SelectMany(family => family.Samples).GroupBy(sample => sample.Name).ToDictionary(group => group.Key, group => group.SelectMany(sample => sample.Labels.Keys).ToHashSet());
        var expressions = Alerts().Concat(Panels()).ToArray();
        Assert.True(expressions.Length > 30);
        foreach (var expression in expressions)
        {
            var named = Metric().Matches(expression);
            Assert.True(named.Count > 0 || expression.StartsWith("up{", StringComparison.Ordinal), expression);
            foreach (Match metric in named)
            {
                Assert.True(series.TryGetValue(metric.Groups["name"].Value, out var labels), $"{metric.Groups["name"].Value} is not scraped: {expression}");
                foreach (Match label in Label().Matches(metric.Groups["labels"].Value)) Assert.Contains(label.Groups[1].Value, labels.Append("instance"));
            }
        }
    }

    [Fact]
    public void The_unit_passes_flags_that_the_server_knows_and_waits_for_its_readiness()
    {
        var unit = File.ReadAllLines(Handbook.Root("tools", "deploy", "phoenixcore.service"));
        Assert.Contains("Type=notify", unit);
        var start = unit.Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal)).Split(' ');
        var settings = SettingsReader.Read(start[1..], new Dictionary<string, string>());
        Assert.Equal(("/var/lib/phoenixcore", LogFormat.Json), (settings.DataDirectory, settings.LogFormat));
        var watchdog = unit.Single(line => line.StartsWith("WatchdogSec=", StringComparison.Ordinal))["WatchdogSec=".Length..];
        Assert.True(TimeSpan.FromSeconds(int.Parse(watchdog)) > settings.Stall);
    }

    private static IEnumerable<string> Alerts() =>
        File.ReadLines(Handbook.Root("tools", "deploy", "alerts.yml")).Where(line => line.TrimStart().StartsWith("expr: ", StringComparison.Ordinal)).Select(line => line.TrimStart()["expr: ".Length..]);

    private static IEnumerable<string> Panels()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Handbook.Root("tools", "deploy", "grafana-dashboard.json")));
        return dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!).ToArray();
    }

    [GeneratedRegex(@"\b(?<name>(phoenix|process|dotnet)_[a-z_]+)(\{(?<labels>[^}]*)\})?")]
    private static partial Regex Metric();

    [GeneratedRegex(@"([a-z_]+)\s*(=~|!~|!=|=)")]
    private static partial Regex Label();
}
