using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PhoenixCore.Server.Logs;

/// <summary>Writes events as JSON, one on a line: time, level, id, event, category, message, then what the event has of its own. Any thread.</summary>
public sealed class JsonLines(Stream to)
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(1_024);

    /// <summary>On standard output.</summary>
    public static JsonLines OfProcess() => new(Console.OpenStandardOutput());

    /// <param name="fields">Names in snake case; numbers, booleans and texts.</param>
    public void Write(LogLevel level, EventId id, string category, string message, IEnumerable<KeyValuePair<string, object?>> fields, Exception? error = null)
    {
        lock (_lock)
        {
            _buffer.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                json.WriteStartObject();
                json.WriteString("time", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
                json.WriteString("level", level.ToString().ToLowerInvariant());
                json.WriteString("id", LogEvents.Text(id));
                json.WriteString("event", LogEvents.Text(id) == LogEvents.Text(LogEvents.Framework) ? LogEvents.Framework.Name : id.Name);
                json.WriteString("category", category);
                json.WriteString("message", message);
                foreach (var (name, value) in fields) WriteField(json, name, value);
                if (error != null) WriteError(json, error);
                json.WriteEndObject();
            }

            _buffer.Write("\n"u8);
            to.Write(_buffer.WrittenSpan);
            to.Flush();
        }
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int or long or uint or ulong or short or byte:
                json.WriteNumber(name, Convert.ToDecimal(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteError(Utf8JsonWriter json, Exception error)
    {
        json.WriteStartObject("error");
        json.WriteString("type", error.GetType().FullName);
        json.WriteString("message", error.Message);
        json.WriteString("stack", error.ToString());
        json.WriteEndObject();
    }
}
