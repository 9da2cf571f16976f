using System.Security.Cryptography;

namespace PhoenixCore.Server.Auth.Tokens;

/// <summary>A public key with the one algorithm it is for. Any thread.</summary>
/// <param name="id">Key id; null = it has none.</param>
public sealed class VerificationKey(string? id, string algorithm, AsymmetricAlgorithm key)
{
    public const string Rs256 = "RS256";
    public const string Es256 = "ES256";

    private readonly Lock _lock = new(); // the platform's key objects promise nothing to several threads

    public string? Id => id;

    /// <summary>The key's, never the token's.</summary>
    public string Algorithm => algorithm;

    public bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
        {
            return key switch
            {
                RSA rsa => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                ECDsa ec => ec.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
                _ => false,
            };
        }
    }
}
