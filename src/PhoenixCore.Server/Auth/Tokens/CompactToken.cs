using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Server.Auth.Tokens;

/// <summary>A compact JWS taken apart; nothing in it is believed yet.</summary>
/// <param name="Signed">The bytes that the signature is over.</param>
/// <param name="KeyId">Null = not given.</param>
public sealed record CompactToken(string Algorithm, string? KeyId, byte[] Signed, byte[] Signature, JsonElement Claims)
{
    public const int LengthMax = 8_192;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Null when it is too long, not of three parts of base64url, not JSON without repeated members, or asks for an extension.</summary>
    public static CompactToken? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length > LengthMax || !IsPlain(text)) return null;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, '.') != 3) return null;
        try
        {
            var header = Json(text[parts[0]]);
            if (header.ValueKind != JsonValueKind.Object || header.TryGetProperty("crit", out _) || header.TryGetProperty("b64", out _)) return null;
            if (!header.TryGetProperty("alg", out var algorithm) || algorithm.ValueKind != JsonValueKind.String) return null;
            var keyId = header.TryGetProperty("kid", out var kid) ? kid.GetString() : null;
            var claims = Json(text[parts[1]]);
            if (claims.ValueKind != JsonValueKind.Object) return null;
            var signature = Base64Url.DecodeFromChars(text[parts[2]]);
            return signature.Length == 0 ? null : new CompactToken(algorithm.GetString()!, keyId, Encoding.ASCII.GetBytes(text[..parts[1].End].ToString()), signature, claims);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement Json(ReadOnlySpan<char> part)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
        return document.RootElement.Clone();
    }

    /// <summary>The decoder would step over white space and padding, which no token has.</summary>
    private static bool IsPlain(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        }

        return true;
    }
}
