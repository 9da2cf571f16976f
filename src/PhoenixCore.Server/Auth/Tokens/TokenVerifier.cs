using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Auth.Tokens;

/// <summary>Turns tokens into credentials: own ones, and those of the one other issuer that the settings name. Any thread.</summary>
/// <remarks>Good tokens are remembered by their hash until they end or the other issuer's keys change, because a check costs more than a command.</remarks>
public sealed class TokenVerifier
{
    private const int RememberedMax = 10_000;
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private readonly TokenIssuer _own;
    private readonly ForeignIssuer? _foreign;
    private readonly ApiKeyStore _keys;
    private readonly TenantRegistry _tenants;
    private readonly RateLimits _limits;
    private readonly TimeProvider _time;
    private readonly RememberedTokens _known;
    private readonly ConcurrentDictionary<(uint Tenant, string Subject), RateBucket> _rates = new();
    private int _ratesLookedAt = RememberedMax;
    private int _keyChanges;

    /// <param name="foreign">Null = only own tokens.</param>
    public TokenVerifier(TokenIssuer own, ForeignIssuer? foreign, ApiKeyStore keys, TenantRegistry tenants, RateLimits limits, TimeProvider time)
    {
        (_own, _foreign, _keys, _tenants, _limits, _time) = (own, foreign, keys, tenants, limits, time);
        _known = new RememberedTokens(RememberedMax, time);
        if (foreign != null) foreign.KeysChanged += Forget;
    }

    /// <summary>Null when the token is not to be believed; the caller never learns why.</summary>
    public Credential? Verify(ReadOnlySpan<char> text)
    {
        if (text.Length > CompactToken.LengthMax) return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        var name = Convert.ToHexString(hash);
        if (_known.Find(name) is { } known) return known;
        var changes = Volatile.Read(ref _keyChanges);
        if (CompactToken.Parse(text) is not { } token || CredentialOf(token, hash) is not { } credential) return null;
        var remembered = _known.Keep(name, credential);
        if (Volatile.Read(ref _keyChanges) == changes) return remembered;
        // Other keys came meanwhile: what was checked with the old ones must not be remembered past them.
        remembered.EndAt(DateTimeOffset.MinValue);
        _known.Forget(name);
        return Verify(text);
    }

    private Credential? CredentialOf(CompactToken token, byte[] hash)
    {
        var issuer = Text(token.Claims, "iss");
        var isOwn = issuer == _own.Name;
        if (!isOwn && (_foreign is null || issuer != _foreign.Name)) return null;
        var audience = isOwn ? _own.Name : _foreign!.Audience;
        if (!IsSigned(token, isOwn ? _own.Keys : _foreign!.KeysFor(token.KeyId)) || !IsFor(token.Claims, audience) || !IsTimely(token.Claims, out var endsAt)) return null;
        if ((Text(token.Claims, "tenant_id") ?? Text(token.Claims, "org_id")) is not { } tenantName || _tenants.Find(tenantName) is not { } tenant) return null;
        if (Text(token.Claims, "sub") is not { Length: > 0 and <= RequestLimits.TextMax } subject) return null;

        var scopes = ScopeNames.OfWords(Text(token.Claims, "scope") ?? "") & (Scope.Tenant | (tenant.Number == TenantRegistry.DefaultNumber ? Scope.Admin : Scope.None));
        if (!isOwn) return new Credential(new Caller(tenant, subject, scopes, RateOf(tenant, subject)), hash, endsAt, null);
        if (_keys.Find(subject) is not { } key || key.Caller.Tenant != tenant) return null;
        return new Credential(key.Caller with { Scopes = scopes & key.Caller.Scopes }, hash, endsAt, null, parent: key);
    }

    /// <summary>By a key of the issuer whose own algorithm the token names: what the token says can only agree.</summary>
    private static bool IsSigned(CompactToken token, IReadOnlyList<VerificationKey> keys)
    {
        foreach (var key in keys)
        {
            if (key.Algorithm == token.Algorithm && (token.KeyId is null || key.Id is null || token.KeyId == key.Id) && key.Verify(token.Signed, token.Signature)) return true;
        }

        return false;
    }

    private static bool IsFor(JsonElement claims, string audience)
    {
        if (!claims.TryGetProperty("aud", out var aud)) return false;
        return aud.ValueKind == JsonValueKind.String ? aud.ValueEquals(audience)
            : aud.ValueKind == JsonValueKind.Array && aud.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience));
    }

    private bool IsTimely(JsonElement claims, out DateTimeOffset endsAt)
    {
        endsAt = default;
        var now = _time.GetUtcNow();
        if (!TryTime(claims, "exp", required: true, out var expires) || !TryTime(claims, "nbf", required: false, out var notBefore) || !TryTime(claims, "iat", required: false, out var issued)) return false;
        endsAt = expires + Leeway;
        return now < endsAt && notBefore <= now + Leeway && issued <= now + Leeway;
    }

    private static bool TryTime(JsonElement claims, string name, bool required, out DateTimeOffset time)
    {
        const double latest = 250_000_000_000; // within what the calendar knows
        time = DateTimeOffset.UnixEpoch;
        if (!claims.TryGetProperty(name, out var value)) return !required;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || !(seconds is >= 0 and < latest)) return false;
        time = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A subject has one bucket, however many tokens it shows.</summary>
    private RateBucket? RateOf(TenantContext tenant, string subject)
    {
        if (_limits.OfKey() is not { } bucket) return null;
        if (_rates.Count >= Volatile.Read(ref _ratesLookedAt)) ForgetFull();
        return _rates.GetOrAdd((tenant.Number, subject), bucket);
    }

    /// <summary>A bucket that is not full stays: forgetting it would fill it.</summary>
    private void ForgetFull()
    {
        foreach (var (subject, bucket) in _rates)
        {
            if (bucket.IsFull) _rates.TryRemove(subject, out _);
        }

        Volatile.Write(ref _ratesLookedAt, Math.Max(RememberedMax, 2 * _rates.Count));
    }

    private void Forget()
    {
        Interlocked.Increment(ref _keyChanges);
        _known.ForgetAll(); // connections remember them too; good ones are verified once more
    }
}
