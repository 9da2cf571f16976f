namespace PhoenixCore.Server.Logs;

/// <summary>Where logs go.</summary>
internal static class LogTargets
{
    /// <param name="lines">Null = for people, on standard error.</param>
    public static ILoggingBuilder AddLines(this ILoggingBuilder logging, JsonLines? lines) => lines is null
        ? logging.AddSimpleConsole(console => console.SingleLine = true).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        : logging.AddProvider(new JsonLogProvider(lines));
}
