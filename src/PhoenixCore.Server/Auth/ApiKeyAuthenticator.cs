using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Auth;

/// <summary>Knows callers by their API keys. Any thread.</summary>
/// <remarks>
/// Kestrel hands out the same header string again and again on a connection that repeats it, so answers are remembered per string object:
/// a comparison of references leaks nothing through time, and repeats cost no hash. Everything else is hashed and compared in constant time.
/// </remarks>
public sealed class ApiKeyAuthenticator : IAuthenticator
{
    private const string Scheme = "Bearer ";
    private const int RememberedMax = 1_024; // a power of two

    private readonly FrozenDictionary<string, Entry> _byKeyId;
    private readonly Entry? _given;
    private readonly TimeProvider _time;
    private readonly Remembered?[] _remembered = new Remembered?[RememberedMax];

    /// <param name="keys">Keys whose tenant is unknown open nothing.</param>
    /// <param name="givenKey">A key of the operator's own choice for the first tenant; any text. Null = none.</param>
    public ApiKeyAuthenticator(IEnumerable<ApiKeyRecord> keys, IReadOnlyDictionary<uint, TenantContext> tenants, string? givenKey, TimeProvider time)
    {
        _time = time;
        _byKeyId = keys.Where(key => tenants.ContainsKey(key.Tenant))
            .ToFrozenDictionary(key => key.KeyId, key => new Entry(new Caller(tenants[key.Tenant], key.KeyId), Convert.FromHexString(key.Hash), key.ExpiresAt));
        if (givenKey != null) _given = new Entry(new Caller(tenants[tenants.Keys.Min()], "given"), ApiKey.Hash(givenKey), null);
    }

    /// <inheritdoc/>
    public Caller? Authenticate(string? authorization)
    {
        if (authorization is null) return null;
        ref var place = ref _remembered[RuntimeHelpers.GetHashCode(authorization) & (RememberedMax - 1)];
        var known = Volatile.Read(ref place);
        if (known == null || !ReferenceEquals(known.Authorization, authorization))
        {
            if (Find(authorization) is not { } entry) return null;
            known = new Remembered(authorization, entry);
            Volatile.Write(ref place, known);
        }

        return known.Entry.ExpiresAt is { } end && end <= _time.GetUtcNow() ? null : known.Entry.Caller;
    }

    private Entry? Find(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var text = authorization.AsSpan(Scheme.Length).Trim(' ');
        if (text.IsEmpty) return null;
        var hash = ApiKey.Hash(text);
        if (_given != null && CryptographicOperations.FixedTimeEquals(_given.Hash, hash)) return _given;
        return ApiKey.TryGetKeyId(text, out var keyId) && _byKeyId.TryGetValue(keyId, out var entry) && CryptographicOperations.FixedTimeEquals(entry.Hash, hash) ? entry : null;
    }

    private sealed record Entry(Caller Caller, byte[] Hash, DateTimeOffset? ExpiresAt);

    private sealed record Remembered(string Authorization, Entry Entry);
}
