using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PhoenixCore.Tools.Rendering;

/// <summary>One JSON object on one line.</summary>
internal static class JsonLine
{
    public static readonly JsonWriterOptions Style = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="fill">Writes the object's properties.</param>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> fill)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Style))
        {
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }
}
