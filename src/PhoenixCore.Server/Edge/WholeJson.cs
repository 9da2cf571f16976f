using System.Buffers;
using System.Text.Json;

namespace PhoenixCore.Server.Edge;

/// <summary>JSON from callers all of whose texts can be read. The parser lets bytes pass that are no UTF-8, and halves of surrogate pairs; whoever reads them then falls over them.</summary>
internal static class WholeJson
{
    /// <exception cref="JsonException">It is no JSON, or one of its texts is none.</exception>
    public static JsonDocument Parse(in ReadOnlySequence<byte> json, JsonDocumentOptions options)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(json, options);
            Read(document.RootElement);
            return document;
        }
        catch (InvalidOperationException e)
        {
            document?.Dispose();
            throw new JsonException("a text is not Unicode", e);
        }
    }

    private static void Read(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Read(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    Read(member.Value);
                }

                break;
        }
    }
}
