using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PhoenixCore.Server.Edge;

/// <summary>One JSON object over another: members given replace those of the same name, null takes a member away.</summary>
internal static class JsonMerge
{
    /// <param name="present">Canonical; null = none.</param>
    /// <param name="given">Canonical.</param>
    /// <returns>Canonical, members in their old order and then the new ones; null when it passes the limits of <see cref="RequestLimits"/>.</returns>
    public static byte[]? Apply(byte[]? present, byte[] given)
    {
        using var old = JsonDocument.Parse(present ?? "{}"u8.ToArray());
        using var patch = JsonDocument.Parse(given);
        var buffer = new ArrayBufferWriter<byte>(256);
        var members = 0;
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var member in old.RootElement.EnumerateObject()) Write(writer, member.Name, patch.RootElement.TryGetProperty(member.Name, out var value) ? value : member.Value, ref members);
            foreach (var member in patch.RootElement.EnumerateObject())
            {
                if (!old.RootElement.TryGetProperty(member.Name, out _)) Write(writer, member.Name, member.Value, ref members);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenCount <= RequestLimits.MetadataBytesMax && members <= RequestLimits.MetadataKeysMax ? buffer.WrittenSpan.ToArray() : null;
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value, ref int members)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        members++;
        writer.WritePropertyName(name);
        writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
    }
}
