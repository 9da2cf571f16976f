using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Writes the caller's own words back.</summary>
internal static class Texts
{
    /// <summary>The member, null when the caller sent none.</summary>
    public static void Write(JsonBody to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> extras, ExtraTag tag)
    {
        if (Extras.TryFind(extras, tag, out var text)) to.Text(name, text);
        else to.Json.WriteNull(name);
    }

    /// <summary>Stored JSON, or an empty object or array.</summary>
    public static void WriteJson(JsonBody to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> extras, ExtraTag tag)
    {
        if (Extras.TryFind(extras, tag, out var json)) to.Raw(name, json);
        else to.Raw(name, tag == ExtraTag.Restrictions ? "[]"u8 : "{}"u8);
    }

    public static void WriteReferenceAndMetadata(JsonBody to, ReadOnlySpan<byte> extras)
    {
        Write(to, "reference"u8, extras, ExtraTag.Reference);
        WriteJson(to, "metadata"u8, extras, ExtraTag.Metadata);
    }
}
