using System.Buffers;
using System.Globalization;
using System.Text;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Health;

/// <summary>The questions of supervisors and load balancers. None needs a credential: they say whether to send requests here, and nothing about money. Any thread.</summary>
internal sealed class Probes(ServerHealth health)
{
    private const string Live = "/livez";
    private const string Ready = "/readyz";
    private const string Startup = "/startupz";

    /// <param name="target">The request's target as it was sent.</param>
    /// <returns>False when it is none of them.</returns>
    public bool TryAnswer(HttpContext http, string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        switch (query < 0 ? target : target[..query])
        {
            case "/health" or "/v1/health":
                Status(http, "healthy", isGood: true);
                break;
            case "/ready" or "/v1/ready":
                Status(http, health.IsServing ? "ready" : "starting", health.IsServing);
                break;
            case Live:
                Lines(http, [("loops", health.IsAlive)]);
                break;
            case Ready:
                AnswerReady(http);
                break;
            case Startup:
                AnswerStartup(http);
                break;
            default:
                return false;
        }

        return true;
    }

    private void AnswerReady(HttpContext http)
    {
        var role = http.Request.Query["role"];
        if (role.Count > 1 || (role.Count == 1 && role[0] is not ("leader" or "single" or "follower")))
        {
            ErrorJson.Send(http, ApiError.Invalid("role", "must be leader, single or follower"));
            return;
        }

        var checks = health.Checks();
        Lines(http, role.Count == 0 ? checks : checks.Append(("role", (role[0] == "follower") == health.Follows)));
    }

    private void AnswerStartup(HttpContext http)
    {
        var body = JsonBody.Start(Dialect.Concepts);
        body.Json.WriteStartObject();
        body.Json.WriteString("status"u8, health.IsStarted ? "started" : "starting");
        body.Json.WriteString("phase"u8, health.IsStarted ? "open" : health.Opening.Phase.ToString().ToLowerInvariant());
        body.Json.WriteNumber("percent"u8, health.IsStarted ? 100 : Math.Round(health.Opening.Share * 100, 1));
        body.Json.WriteNumber("elapsed_seconds"u8, Math.Round(health.Elapsed.TotalSeconds, 3));
        if (health.Remaining is { } left) body.Json.WriteNumber("remaining_seconds"u8, Math.Round(left.TotalSeconds, 1));
        body.Json.WriteEndObject();
        body.Send(http, StatusOf(health.IsStarted));
    }

    private static void Status(HttpContext http, string text, bool isGood)
    {
        var body = JsonBody.Start(Dialect.Concepts);
        body.Json.WriteStartObject();
        body.Json.WriteString("status"u8, text);
        body.Json.WriteEndObject();
        body.Send(http, StatusOf(isGood));
    }

    /// <summary>One word, or with <c>?verbose</c> a line for each check.</summary>
    private static void Lines(HttpContext http, IEnumerable<(string Name, bool Holds)> checks)
    {
        var text = new StringBuilder();
        var isGood = true;
        foreach (var (name, holds) in checks)
        {
            isGood &= holds;
            if (http.Request.Query.ContainsKey("verbose")) text.Append(CultureInfo.InvariantCulture, $"[{(holds ? '+' : '-')}] {name}\n");
        }

        var bytes = Encoding.ASCII.GetBytes(text.Append(isGood ? "ok\n" : "not ok\n").ToString());
        http.Response.StatusCode = StatusOf(isGood);
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        http.Response.BodyWriter.Write(bytes);
    }

    private static int StatusOf(bool isGood) => isGood ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
}
