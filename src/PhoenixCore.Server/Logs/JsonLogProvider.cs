using System.Text.Json;

namespace PhoenixCore.Server.Logs;

/// <summary>Sends what is logged to <see cref="JsonLines"/>, with the parts of its message as fields.</summary>
internal sealed class JsonLogProvider(JsonLines lines) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new JsonLogger(lines, categoryName);

    public void Dispose()
    {
        // The stream is the process's own.
    }

    private sealed class JsonLogger(JsonLines lines, string category) : ILogger
    {
        private const string Template = "{OriginalFormat}";

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var parts = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            var fields = parts.Where(part => part.Key is not (Template or "Note")).Select(part => new KeyValuePair<string, object?>(FieldName(part.Key), part.Value));
            lines.Write(logLevel, eventId, category, formatter(state, exception), fields, exception);
        }
    }

    private static readonly string[] Taken = ["time", "level", "id", "event", "category", "message", "error"];

    /// <summary>RequestId → request_id; what would be there twice gets a line below it.</summary>
    private static string FieldName(string name)
    {
        var snake = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
        return Taken.Contains(snake) ? snake + "_" : snake;
    }
}
