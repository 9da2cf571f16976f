using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace PhoenixCore.Server.Auth.Tokens;

/// <summary>Reads a JWK set. Only signing keys that this server can use are taken: RSA of 2,048 bits and more for RS256, P-256 for ES256.</summary>
public static class JsonWebKeys
{
    private const int RsaBitsMin = 2_048;

    /// <exception cref="InvalidDataException">It is no JWK set, or none of its keys can be used.</exception>
    public static IReadOnlyList<VerificationKey> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var keys = document.RootElement.GetProperty("keys").EnumerateArray().Select(KeyOf).OfType<VerificationKey>().ToArray();
            return keys.Length > 0 ? keys : throw new InvalidDataException("the key set has no key for RS256 or ES256");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or CryptographicException)
        {
            throw new InvalidDataException($"the key set cannot be read: {e.Message}", e);
        }
    }

    private static VerificationKey? KeyOf(JsonElement key)
    {
        if (Text(key, "use") is not (null or "sig")) return null;
        var algorithm = Text(key, "alg");
        return Text(key, "kty") switch
        {
            "RSA" when algorithm is null or VerificationKey.Rs256 => RsaOf(key),
            "EC" when algorithm is null or VerificationKey.Es256 => EcOf(key),
            _ => null, // a symmetric key, above all, verifies nothing here
        };
    }

    private static VerificationKey? RsaOf(JsonElement key)
    {
        var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
        return rsa.KeySize >= RsaBitsMin ? new VerificationKey(Text(key, "kid"), VerificationKey.Rs256, rsa) : null;
    }

    private static VerificationKey? EcOf(JsonElement key)
    {
        if (Text(key, "crv") != "P-256") return null;
        var point = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") };
        return new VerificationKey(Text(key, "kid"), VerificationKey.Es256, ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }));
    }

    private static string? Text(JsonElement key, string name) => key.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
}
