using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using PhoenixCore.Tools.Admin;

namespace PhoenixCore.Tools.Status;

/// <summary>A running server as its probes and metrics show it.</summary>
/// <remarks>On its own machine no key is needed; from elsewhere the operator's key is sent, over https only.</remarks>
internal sealed partial class ServerLook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);

    private ServerLook(IReadOnlyList<string> failing, string metrics)
    {
        Failing = failing;
        foreach (Match line in Sample().Matches(metrics)) _series[line.Groups[1].Value] = double.Parse(line.Groups[2].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        Version = VersionLabel().Match(metrics).Groups[1].Value;
    }

    /// <summary>Checks of readiness that do not hold.</summary>
    public IReadOnlyList<string> Failing { get; }

    public string Version { get; }

    /// <summary>The value of a series by its text, labels included as they are scraped; null = it has none.</summary>
    public double? this[string series] => _series.TryGetValue(series, out var value) ? value : null;

    /// <summary>Sum over all labels.</summary>
    public double Sum(string name) => _series.Where(series => series.Key == name || series.Key.StartsWith(name + "{", StringComparison.Ordinal)).Sum(series => series.Value);

    /// <summary>The least bound that so large a share of a histogram's values does not pass; 0 = it has none.</summary>
    public double Quantile(string name, double share)
    {
        var buckets = _series.Where(series => series.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal)).Select(series => (Bound: Bound().Match(series.Key).Groups[1].Value, Count: series.Value))
            .Select(bucket => (Bound: bucket.Bound == "+Inf" ? double.PositiveInfinity : double.Parse(bucket.Bound, CultureInfo.InvariantCulture), bucket.Count)).OrderBy(bucket => bucket.Bound).ToArray();
        return buckets.Length == 0 || buckets[^1].Count == 0 ? 0 : buckets.First(bucket => bucket.Count >= buckets[^1].Count * share).Bound;
    }

    /// <exception cref="ToolException">It does not answer, or not to us.</exception>
    public static ServerLook At(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https")) throw new ToolException(ExitCode.Usage, $"--url takes an address such as http://127.0.0.1:8080, not '{address}'.");
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = server, Timeout = Patience };
        var key = Environment.GetEnvironmentVariable(AdminClient.KeyVariable);
        if (key is { Length: > 0 } && (server.Scheme == "https" || server.IsLoopback)) http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
        try
        {
            var ready = Get(http, "/readyz?verbose", out _);
            var metrics = Get(http, "/metrics", out var status);
            if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) throw new ToolException(ExitCode.NoPermission, $"{server} shows its metrics to its own machine, or to an operator's key in {AdminClient.KeyVariable}");
            if (status != HttpStatusCode.OK) throw new ToolException(ExitCode.Unavailable, $"{server} answers {(int)status} to /metrics");
            return new ServerLook([.. ready.Split('\n').Where(line => line.StartsWith("[-] ", StringComparison.Ordinal)).Select(line => line[4..])], metrics);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            throw new ToolException(ExitCode.Unavailable, $"{server} does not answer: {e.Message}");
        }
    }

    private static string Get(HttpClient http, string path, out HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = http.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        status = response.StatusCode;
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^([a-z_]+(?:\{[^\n]*\})?) ([-+0-9.eE]+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("""^phoenix_build_info\{version="([^"]*)""", RegexOptions.Multiline)]
    private static partial Regex VersionLabel();

    [GeneratedRegex("""le="([^"]*)""")]
    private static partial Regex Bound();
}
