using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Tools.Rendering;

namespace PhoenixCore.Tools.Dump;

/// <summary>The texts of a part.</summary>
internal static class PartTexts
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The part's reference, or null; one whose texts are enciphered shows none.</summary>
    public static string? Reference(ReadOnlySpan<byte> extras) =>
        !Extras.TryFind(extras, ExtraTag.TextKey, out _) && Extras.TryFind(extras, ExtraTag.Reference, out var text) ? Encoding.UTF8.GetString(text) : null;

    /// <summary>Writes an object with every text; bytes that are no text (enciphered ones, say) as <c>{"base64": …}</c>.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> extras)
    {
        var isSealed = Extras.TryFind(extras, ExtraTag.TextKey, out _);
        json.WriteStartObject();
        while (extras.Length >= Extras.ItemHeaderBytes)
        {
            var tag = (ExtraTag)BinaryPrimitives.ReadUInt16LittleEndian(extras);
            var value = extras.Slice(Extras.ItemHeaderBytes, BinaryPrimitives.ReadUInt16LittleEndian(extras[2..]));
            extras = extras[(Extras.ItemHeaderBytes + value.Length)..];
            if (tag is ExtraTag.ReturnedTerms or ExtraTag.ReturnedLot) continue; // no text: it is shown with the body
            json.WritePropertyName(Enum.IsDefined(tag) ? JsonNamingPolicy.CamelCase.ConvertName(tag.ToString()) : $"tag{(int)tag}");
            WriteValue(json, tag, value, tag == ExtraTag.TextKey || (isSealed && TextCipher.IsPrivate(tag)));
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, ExtraTag tag, ReadOnlySpan<byte> value, bool enciphered)
    {
        if (tag == ExtraTag.EffectiveTime && value.Length == sizeof(long)) json.WriteStringValue(Stamp.Format(BinaryPrimitives.ReadInt64LittleEndian(value)));
        else if (!enciphered && tag is (ExtraTag.Metadata or ExtraTag.Attributes or ExtraTag.Restrictions) && IsJson(value)) json.WriteRawValue(value);
        else if (!enciphered && IsText(value)) json.WriteStringValue(value);
        else
        {
            json.WriteStartObject();
            json.WriteBase64String("base64", value);
            json.WriteEndObject();
        }
    }

    private static bool IsText(ReadOnlySpan<byte> value)
    {
        try
        {
            Strict.GetCharCount(value);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        try
        {
            while (reader.Read())
            {
                // Reading through it is the check.
            }

            return value.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
