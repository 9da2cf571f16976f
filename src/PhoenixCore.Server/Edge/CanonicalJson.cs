using System.Buffers;
using System.Text.Json;

namespace PhoenixCore.Server.Edge;

/// <summary>Callers' JSON in one form: members sorted by name, no spaces, so that equal values have equal bytes in every dialect.</summary>
internal static class CanonicalJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = RequestLimits.JsonDepthMax, AllowDuplicateProperties = false };

    /// <returns>UTF-8; null when it is not one JSON value of that kind, has a member twice, or is too large.</returns>
    public static byte[]? TryWrite(string text, JsonValueKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return document.RootElement.ValueKind == kind ? TryWrite(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? TryWrite(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() > RequestLimits.MetadataKeysMax) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, value);
        return buffer.WrittenCount <= RequestLimits.MetadataBytesMax ? buffer.WrittenSpan.ToArray() : null;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            writer.WriteStartObject();
            foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                writer.WritePropertyName(member.Name);
                Write(writer, member.Value);
            }

            writer.WriteEndObject();
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray()) Write(writer, item);
            writer.WriteEndArray();
            return;
        }

        value.WriteTo(writer);
    }
}
