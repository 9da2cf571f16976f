using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Server.Hosting;

namespace PhoenixCore.Server.Auth;

/// <summary>The hashes of the API keys in a small durable file of the data directory. One thread.</summary>
public sealed class ApiKeyStore
{
    public const string FileName = "keys.json";
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly IJournalStorage _storage;
    private readonly List<ApiKeyRecord> _keys;

    /// <exception cref="InvalidDataException">The file is there and cannot be understood.</exception>
    public ApiKeyStore(IJournalStorage storage)
    {
        _storage = storage;
        try
        {
            _keys = DurableFile.ReadText(storage, FileName) is { } text ? JsonSerializer.Deserialize<List<ApiKeyRecord>>(text, Format)! : [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{FileName} in {storage.Description} cannot be read: {e.Message}", e);
        }
    }

    public IReadOnlyList<ApiKeyRecord> Keys => _keys;

    /// <summary>Makes a key and keeps its hash; durable on return.</summary>
    /// <param name="expiresAt">Null = never ends.</param>
    /// <returns>The key's text, for the one time it is shown.</returns>
    public string Mint(uint tenant, DateTimeOffset? expiresAt)
    {
        var text = ApiKey.Mint(out var keyId);
        _keys.Add(new ApiKeyRecord(keyId, tenant, Convert.ToHexStringLower(ApiKey.Hash(text)), expiresAt));
        DurableFile.WriteText(_storage, FileName, JsonSerializer.Serialize(_keys, Format));
        return text;
    }
}
