using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace PhoenixCore.Server.Metrics;

/// <summary>Metrics of fronts, events, webhooks and the process.</summary>
internal static class EdgeFamilies
{
    /// <summary>Of this server, as it was built.</summary>
    public static string Version { get; } = typeof(EdgeFamilies).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static IEnumerable<MetricFamily> Of(MetricSources sources) => [.. Fronts(sources), .. Webhooks(sources), .. OfProcess()];

    private static IEnumerable<MetricFamily> Fronts(MetricSources sources) =>
    [
        Number(sources, "phoenix_gate_refused_total", MetricKind.Counter, "Calls and messages that were not let in.", ["reason"], parts => parts.Gate.Refusals.Select(line => new LabeledNumber(line.Count, line.Reason))),
        Number(sources, "phoenix_event_subscribers", MetricKind.Gauge, "Streams of events that are open.", ["front"], parts => [new(parts.Streams.Subscribers.Rest, "rest"), new(parts.Streams.Subscribers.Grpc, "grpc")]),
        Number(sources, "phoenix_audits_total", MetricKind.Counter, "Trial balances that were drawn up.", [], parts => [new(parts.History.Audits)]),
        Number(sources, "phoenix_audit_failures_total", MetricKind.Counter, "Trial balances whose debits and credits differ: page at once.", [], parts => [new(parts.History.AuditFailures)]),
    ];

    private static IEnumerable<MetricFamily> Webhooks(MetricSources sources) =>
    [
        Number(sources, "phoenix_webhook_attempts_total", MetricKind.Counter, "Deliveries that were tried.", ["outcome"], parts => [new(parts.Webhooks.Attempts.Delivered, "delivered"), new(parts.Webhooks.Attempts.Failed, "failed"), new(parts.Webhooks.Attempts.GivenUp, "given_up")]),
        Number(sources, "phoenix_webhook_backlog", MetricKind.Gauge, "Deliveries that wait or are tried again.", [], parts => [new(parts.Webhooks.Survey().Backlog)]),
        Number(sources, "phoenix_webhook_oldest_pending_seconds", MetricKind.Gauge, "How long the delivery that is overdue longest has been due.", [], parts => [new(parts.Webhooks.Survey().OldestSeconds)]),
        Number(sources, "phoenix_webhook_endpoints", MetricKind.Gauge, "Webhooks of all tenants.", [], parts => [new(parts.Webhooks.Survey().Endpoints)]),
        Number(sources, "phoenix_webhook_disabled_endpoints", MetricKind.Gauge, "Webhooks that are disabled.", [], parts => [new(parts.Webhooks.Survey().Disabled)]),
    ];

    private static IEnumerable<MetricFamily> OfProcess()
    {
        using var self = Process.GetCurrentProcess();
        var started = new DateTimeOffset(self.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1_000.0;
        return
        [
            new NumberFamily("phoenix_build_info", MetricKind.Gauge, "1; the labels say what runs.", ["version", "runtime"], () => [new(1, Version, RuntimeInformation.FrameworkDescription)]),
            new NumberFamily("process_start_time_seconds", MetricKind.Gauge, "When the process began, Unix seconds.", [], () => [new(started)]),
            new NumberFamily("process_cpu_seconds_total", MetricKind.Counter, "Processor time of all threads.", [], () => [new(Environment.CpuUsage.TotalTime.TotalSeconds)]),
            new NumberFamily("process_resident_memory_bytes", MetricKind.Gauge, "Memory that is resident.", [], () => [new(Environment.WorkingSet)]),
            new NumberFamily("dotnet_gc_pause_seconds_total", MetricKind.Counter, "How long the collector has stopped the process.", [], () => [new(GC.GetTotalPauseDuration().TotalSeconds)]),
            new NumberFamily("dotnet_gc_collections_total", MetricKind.Counter, "Collections; each counts for the younger generations too.", ["generation"], () => Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => new LabeledNumber(GC.CollectionCount(generation), $"{generation}"))),
        ];
    }

    private static NumberFamily Number(MetricSources sources, string name, MetricKind kind, string help, string[] labels, Func<RunningParts, IEnumerable<LabeledNumber>> read) =>
        new(name, kind, help, labels, () => sources.Parts is { } parts ? read(parts) : []);
}
