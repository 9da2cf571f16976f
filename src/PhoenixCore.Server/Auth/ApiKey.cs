using System.Security.Cryptography;
using System.Text;

namespace PhoenixCore.Server.Auth;

/// <summary>The text form of an API key: <c>phx_&lt;key id&gt;_&lt;secret&gt;</c>, the secret 256 random bits in hexadecimal.</summary>
public static class ApiKey
{
    public const string Prefix = "phx_";
    private const int KeyIdBytes = 6;
    private const int SecretBytes = 32;

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyIdBytes));

    /// <summary>The text of a new key; it is shown once and never stored.</summary>
    public static string Mint(string keyId) => Of(keyId, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>The key's text from its parts, as an OAuth client sends them.</summary>
    public static string Of(string keyId, string secret) => $"{Prefix}{keyId}_{secret}";

    /// <summary>What is stored instead of the key. A fast hash suffices: 256 random bits cannot be guessed.</summary>
    public static byte[] Hash(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(text, bytes, out var count) ? SHA256.HashData(bytes[..count]) : SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The key id within a key's text; false when the text has another form.</summary>
    public static bool TryGetKeyId(ReadOnlySpan<char> text, out string keyId)
    {
        keyId = "";
        if (!text.StartsWith(Prefix) || text.Length != Prefix.Length + (2 * KeyIdBytes) + 1 + (2 * SecretBytes) || text[Prefix.Length + (2 * KeyIdBytes)] != '_') return false;
        keyId = text.Slice(Prefix.Length, 2 * KeyIdBytes).ToString();
        return true;
    }
}
