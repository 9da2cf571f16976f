using System.Buffers;
using System.Net;
using System.Text;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Metrics;

/// <summary>Answers <c>GET /metrics</c>. Any thread.</summary>
/// <remarks>
/// Metrics name no tenant and no amount, but they tell how much business there is: so they are for this machine, or for an operator's key. What came
/// through a proxy does not count as this machine: it would open them to whomever the proxy serves.
/// </remarks>
internal sealed class MetricsEndpoint(MeterBoard board, MetricSources sources)
{
    public const string Path = "/metrics";

    private static readonly string[] SignsOfAProxy = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    public void Answer(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.Allow = HttpMethods.Get;
            ErrorJson.Send(http, ApiError.MethodNotAllowed);
            return;
        }

        if (!IsOfThisMachine(http) && Refusal(http) is { } refusal)
        {
            ErrorJson.Send(http, refusal);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(board.Scrape());
        http.Response.ContentType = PrometheusText.ContentType;
        http.Response.ContentLength = bytes.Length;
        http.Response.BodyWriter.Write(bytes);
    }

    private static bool IsOfThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from) && !SignsOfAProxy.Any(http.Request.Headers.ContainsKey);

    private ApiError? Refusal(HttpContext http)
    {
        if (sources.Parts is not { } parts) return ApiError.Starting; // credentials are not read yet
        if (parts.Gate.Authenticate(http.Request.Headers.Authorization is [var authorization] ? authorization : null) is not { } caller) return ApiError.Unauthorized;
        return Gate.Refusal(caller, Scope.Admin) is { } refusal ? ApiError.Of(refusal) : null;
    }
}
