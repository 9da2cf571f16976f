using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Server.Hosting;

namespace PhoenixCore.Server.Auth.Tokens;

/// <summary>Signs the server's own tokens (ES256). The private key is a file of the data directory that only its owner can read, made with the first token. Any thread.</summary>
public sealed class TokenIssuer
{
    public const string FileName = "token-key.pem";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly IJournalStorage _storage;
    private readonly TimeProvider _time;
    private ECDsa? _key;
    private string _keyId = "";
    private volatile IReadOnlyList<VerificationKey> _keys = [];

    /// <param name="name">Issuer and audience.</param>
    /// <exception cref="InvalidDataException">The file is there and holds no key.</exception>
    public TokenIssuer(IJournalStorage storage, string name, TimeProvider time)
    {
        (_storage, Name, _time) = (storage, name, time);
        if (DurableFile.ReadText(storage, FileName) is not { } pem) return;
        try
        {
            var key = ECDsa.Create();
            key.ImportFromPem(pem);
            Use(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"{FileName} in {storage.Description} holds no private key"); // not the inner text: it may quote the file
        }
    }

    /// <summary>Issuer of its tokens, and the audience they are for.</summary>
    public string Name { get; }

    /// <summary>What its tokens are verified with; empty before the first.</summary>
    public IReadOnlyList<VerificationKey> Keys => _keys;

    /// <param name="scopes">Names, separated by blanks.</param>
    public string Issue(Caller caller, string scopes)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (_key is null) Make();
            var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["alg"] = VerificationKey.Es256, ["typ"] = "JWT", ["kid"] = _keyId });
            var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["iss"] = Name,
                ["aud"] = Name,
                ["sub"] = caller.KeyId,
                ["tenant_id"] = caller.Tenant.Name,
                ["scope"] = scopes,
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            });
            var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
            return $"{signed}.{Base64Url.EncodeToString(_key!.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
        }
    }

    private void Make()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DurableFile.WriteText(_storage, FileName, key.ExportPkcs8PrivateKeyPem() + "\n");
        Use(key);
    }

    private void Use(ECDsa key)
    {
        _keyId = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
        _key = key;
        var shown = ECDsa.Create();
        shown.ImportSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
        _keys = [new VerificationKey(_keyId, VerificationKey.Es256, shown)];
    }
}
