using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Another issuer with an RSA and an EC key, and everything that can be wrong with its tokens.</summary>
internal sealed class TokenForge : IDisposable
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "wallets";
    private readonly DateTimeOffset _now;

    public TokenForge(DateTimeOffset now)
    {
        _now = now;
        KeySetPath = Path.Combine(Path.GetTempPath(), $"phoenix-keys-{Guid.NewGuid():N}.json");
        File.WriteAllText(KeySetPath, KeySet());
    }

    public string KeySetPath { get; }

    public RSA Rsa { get; } = RSA.Create(2_048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Claims of a good token of the tenant <c>mine</c>; a change with a null value takes a claim out.</summary>
    public string Claims(params (string Name, object? Value)[] changes)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = "shop",
            ["tenant_id"] = "mine",
            ["scope"] = "wallets:read",
            ["iat"] = _now.ToUnixTimeSeconds(),
            ["exp"] = _now.AddMinutes(10).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in changes)
        {
            if (value is null) claims.Remove(name);
            else claims[name] = value;
        }

        return JsonSerializer.Serialize(claims);
    }

    public string Sign(string claims, string header = """{"alg":"RS256","kid":"r","typ":"JWT"}""") => With(header, claims, text => Rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public string SignEc(string claims, string header = """{"alg":"ES256","kid":"e"}""") => With(header, claims, text => Ec.SignData(text, HashAlgorithmName.SHA256));

    public static string With(string header, string claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public void Dispose()
    {
        File.Delete(KeySetPath);
        Rsa.Dispose();
        Ec.Dispose();
    }

    private string KeySet()
    {
        var rsa = Rsa.ExportParameters(false);
        var ec = Ec.ExportParameters(false);
        return JsonSerializer.Serialize(new
        {
            keys = new object[]
            {
                new { kty = "RSA", kid = "r", use = "sig", alg = "RS256", n = Base64Url.EncodeToString(rsa.Modulus), e = Base64Url.EncodeToString(rsa.Exponent) },
                new { kty = "EC", kid = "e", crv = "P-256", x = Base64Url.EncodeToString(ec.Q.X), y = Base64Url.EncodeToString(ec.Q.Y) },
                new { kty = "oct", kid = "s", alg = "HS256", k = "c2VjcmV0" },
                new { kty = "EC", kid = "big", crv = "P-521", x = "AA", y = "AA" },
            },
        });
    }
}
