using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Input;

/// <summary>Copies a JSON value without blanks, each string escaped in one way, members in the given order; a member given twice is refused.</summary>
internal static class CanonicalJson
{
    public const string Twice = "has a member twice";

    /// <param name="reader">Stands on the value's first token; afterwards on its last.</param>
    /// <param name="error">Why it is refused; null = it is not.</param>
    public static byte[]? Copy(ref Utf8JsonReader reader, JsonTokenType wanted, out string? error)
    {
        error = null;
        if (reader.TokenType != wanted)
        {
            error = wanted == JsonTokenType.StartObject ? "must be an object" : "must be an array";
            reader.Skip();
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        CopyValue(ref reader, writer, isTop: true, ref error);
        writer.Flush();
        if (buffer.WrittenCount > RequestLimits.MetadataBytesMax) error ??= $"is larger than {RequestLimits.MetadataBytesMax} bytes";
        return error is null ? buffer.WrittenSpan.ToArray() : null;
    }

    private static void CopyValue(ref Utf8JsonReader reader, Utf8JsonWriter writer, bool isTop, ref string? error)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                CopyObject(ref reader, writer, isTop, ref error);
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) CopyValue(ref reader, writer, isTop: false, ref error);
                writer.WriteEndArray();
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true); // a number as it was written, true, false, null
                break;
        }
    }

    private static void CopyObject(ref Utf8JsonReader reader, Utf8JsonWriter writer, bool isTop, ref string? error)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (!names.Add(name)) error ??= Twice;
            writer.WritePropertyName(name);
            reader.Read();
            CopyValue(ref reader, writer, isTop: false, ref error);
        }

        writer.WriteEndObject();
        if (isTop && names.Count > RequestLimits.MetadataKeysMax) error ??= $"has more than {RequestLimits.MetadataKeysMax} members";
    }
}
