using System.Collections.Concurrent;
using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Auth;

/// <summary>The API keys: their hashes in a small durable file of the data directory, and ready to be compared in memory. Any thread.</summary>
public sealed class ApiKeyStore
{
    public const string FileName = "keys.json";
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly IJournalStorage _storage;
    private readonly RateLimits _limits;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, ApiKeyRecord> _records; // in the order of creation
    private readonly ConcurrentDictionary<string, Credential> _inUse = new(StringComparer.Ordinal);

    /// <param name="tenants">Keys of a tenant that is not among them open nothing.</param>
    /// <exception cref="InvalidDataException">The file is there and cannot be understood.</exception>
    public ApiKeyStore(IJournalStorage storage, TenantRegistry tenants, RateLimits limits, TimeProvider time)
    {
        (_storage, _limits, _time) = (storage, limits, time);
        try
        {
            var records = DurableFile.ReadText(storage, FileName) is { } text ? JsonSerializer.Deserialize<List<ApiKeyRecord>>(text, Format)! : [];
            _records = records.ToDictionary(record => record.KeyId, StringComparer.Ordinal);
            foreach (var record in records)
            {
                if (tenants.Find(record.Tenant) is { } tenant) Use(record, tenant);
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{FileName} in {storage.Description} cannot be read: {e.Message}", e);
        }
    }

    public bool IsEmpty => _records.Count == 0;

    /// <summary>The live key; null = there is none.</summary>
    public Credential? Find(string keyId) => _inUse.GetValueOrDefault(keyId);

    /// <summary>What is known of a key of this tenant; null = it has no such key.</summary>
    public ApiKeyRecord? FindRecord(TenantContext tenant, string keyId)
    {
        lock (_lock) return _records.TryGetValue(keyId, out var record) && record.Tenant == tenant.Number ? WithLastUse(record) : null;
    }

    /// <summary>All keys of a tenant, revoked and expired ones too, oldest first.</summary>
    public IReadOnlyList<ApiKeyRecord> Of(TenantContext tenant)
    {
        lock (_lock) return _records.Values.Where(record => record.Tenant == tenant.Number).Select(WithLastUse).ToArray();
    }

    /// <summary>Makes a key and keeps its hash; durable on return.</summary>
    /// <param name="keyId">One that <see cref="ApiKey.NewId"/> made and that is not in use.</param>
    /// <param name="expiresAt">Null = never ends.</param>
    /// <returns>The record, and the key's text for the one time it is shown.</returns>
    public (ApiKeyRecord Record, string Text) Mint(TenantContext tenant, string keyId, Scope scopes, string? name, DateTimeOffset? expiresAt)
    {
        var text = ApiKey.Mint(keyId);
        var record = new ApiKeyRecord(keyId, tenant.Number, Convert.ToHexStringLower(ApiKey.Hash(text)), expiresAt, ScopeNames.Of(scopes), name, _time.GetUtcNow());
        lock (_lock)
        {
            _records.Add(keyId, record);
            WriteOr(() => _records.Remove(keyId));
            Use(record, tenant);
        }

        return (record, text);
    }

    /// <summary>The key is worth nothing from this time on; an earlier end stays. Durable on return, and in force at once.</summary>
    public ApiKeyRecord End(ApiKeyRecord key, DateTimeOffset at, bool isRevoked)
    {
        lock (_lock)
        {
            var before = _records[key.KeyId];
            var record = before;
            if (isRevoked) record = record with { RevokedAt = record.RevokedAt ?? at };
            else if (record.ExpiresAt is null || record.ExpiresAt > at) record = record with { ExpiresAt = at };
            _records[key.KeyId] = record;
            WriteOr(() => _records[key.KeyId] = before);
            _inUse.GetValueOrDefault(key.KeyId)?.EndAt(EndOf(record));
            return WithLastUse(record);
        }
    }

    /// <summary>Revokes all keys of a tenant and forgets what they were called. Durable on return, and in force at once.</summary>
    public void EndAll(TenantContext tenant, DateTimeOffset at)
    {
        lock (_lock)
        {
            var before = _records.Values.Where(record => record.Tenant == tenant.Number && (record.RevokedAt is null || record.Name is not null)).ToArray();
            if (before.Length == 0) return;
            foreach (var record in before) _records[record.KeyId] = record with { RevokedAt = record.RevokedAt ?? at, Name = null };
            WriteOr(() =>
            {
                foreach (var record in before) _records[record.KeyId] = record;
            });
            foreach (var record in before) _inUse.GetValueOrDefault(record.KeyId)?.EndAt(EndOf(_records[record.KeyId]));
        }
    }

    /// <summary>On a copy that follows: reads the file again, which is the leader's.</summary>
    /// <exception cref="InvalidDataException">It cannot be understood.</exception>
    public void Reload(TenantRegistry tenants)
    {
        if (DurableFile.ReadText(_storage, FileName) is not { } text) return;
        lock (_lock)
        {
            foreach (var record in JsonSerializer.Deserialize<List<ApiKeyRecord>>(text, Format)!)
            {
                var isNew = !_records.TryGetValue(record.KeyId, out var known);
                _records[record.KeyId] = record;
                if (isNew && tenants.Find(record.Tenant) is { } tenant) Use(record, tenant);
                else if (known is not null && EndOf(known) != EndOf(record)) _inUse.GetValueOrDefault(record.KeyId)?.EndAt(EndOf(record));
            }
        }
    }

    /// <summary>Keeps the times of last use.</summary>
    public void Save()
    {
        lock (_lock)
        {
            if (!IsEmpty) Write();
        }
    }

    private static DateTimeOffset? EndOf(ApiKeyRecord record) => record.RevokedAt is { } revoked && (record.ExpiresAt is null || revoked < record.ExpiresAt) ? revoked : record.ExpiresAt;

    private void Use(ApiKeyRecord record, TenantContext tenant)
    {
        var all = tenant.Number == TenantRegistry.DefaultNumber ? Scope.Tenant | Scope.Admin : Scope.Tenant;
        var scopes = record.Scopes is null ? all : ScopeNames.OfWords(string.Join(' ', record.Scopes)) & all;
        _inUse[record.KeyId] = new Credential(new Caller(tenant, record.KeyId, scopes, _limits.OfKey()), Convert.FromHexString(record.Hash), EndOf(record), record.LastUsedAt);
    }

    private ApiKeyRecord WithLastUse(ApiKeyRecord record) => record with { LastUsedAt = Find(record.KeyId)?.LastUsedAt ?? record.LastUsedAt };

    /// <summary>A file that could not be written leaves memory as it was, so that a repetition does all of it again.</summary>
    private void WriteOr(Action undo)
    {
        try
        {
            Write();
        }
        catch
        {
            undo();
            throw;
        }
    }

    private void Write() => DurableFile.WriteText(_storage, FileName, JsonSerializer.Serialize(_records.Values.Select(WithLastUse), Format));
}
