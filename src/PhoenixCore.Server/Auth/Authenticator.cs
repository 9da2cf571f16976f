using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using PhoenixCore.Server.Auth.Tokens;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Auth;

/// <summary>Knows callers by their API keys and tokens. Any thread.</summary>
/// <remarks>
/// Kestrel hands out the same header string again and again on a connection that repeats it, so answers are remembered per string object:
/// a comparison of references leaks nothing through time, and repeats cost no hash. Everything else is hashed and compared in constant time.
/// Whether the credential still holds is asked every time.
/// </remarks>
public sealed class Authenticator : IAuthenticator
{
    private const string Scheme = "Bearer ";
    private const string GivenKeyId = "given";
    private const int RememberedMax = 1_024; // a power of two

    private readonly ApiKeyStore _keys;
    private readonly TokenVerifier? _tokens;
    private readonly Credential? _given;
    private readonly TimeProvider _time;
    private readonly Remembered?[] _remembered = new Remembered?[RememberedMax];

    /// <param name="givenKey">A key of the operator's own choice, with every scope; any text. Null = none.</param>
    /// <param name="operators">The tenant of that key.</param>
    /// <param name="tokens">Null = tokens open nothing.</param>
    public Authenticator(ApiKeyStore keys, string? givenKey, TenantContext operators, RateLimits limits, TokenVerifier? tokens, TimeProvider time)
    {
        (_keys, _tokens, _time) = (keys, tokens, time);
        if (givenKey != null) _given = new Credential(new Caller(operators, GivenKeyId, Scope.Tenant | Scope.Admin, limits.OfKey()), ApiKey.Hash(givenKey), null, null);
    }

    /// <inheritdoc/>
    public Caller? Authenticate(string? authorization)
    {
        if (authorization is null) return null;
        ref var place = ref _remembered[RuntimeHelpers.GetHashCode(authorization) & (RememberedMax - 1)];
        var now = _time.GetUtcNow();
        if (Volatile.Read(ref place) is { } known && ReferenceEquals(known.Authorization, authorization) && known.Credential.TryUse(now)) return known.Credential.Caller;
        if (Find(authorization) is not { } credential || !credential.TryUse(now)) return null;
        Volatile.Write(ref place, new Remembered(authorization, credential));
        return credential.Caller;
    }

    /// <summary>The key with this text; null when there is none, whatever the reason.</summary>
    public Credential? FindKey(ReadOnlySpan<char> text)
    {
        var hash = ApiKey.Hash(text);
        if (_given != null && CryptographicOperations.FixedTimeEquals(_given.Hash, hash)) return _given;
        return ApiKey.TryGetKeyId(text, out var keyId) && _keys.Find(keyId) is { } key && CryptographicOperations.FixedTimeEquals(key.Hash, hash) ? key : null;
    }

    private Credential? Find(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var text = authorization.AsSpan(Scheme.Length).Trim(' ');
        return text.IsEmpty ? null : FindKey(text) ?? _tokens?.Verify(text);
    }

    private sealed record Remembered(string Authorization, Credential Credential);
}
