using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Tenants and keys as operators see them; never a hash.</summary>
internal static class AdminJson
{
    public static void Write(JsonBody to, TenantContext tenant)
    {
        to.Json.WriteStartObject();
        to.Json.WriteString("id"u8, tenant.Name);
        if (tenant.IsErased) to.Status("erased"u8, "ERASED"u8);
        else to.Status(tenant.IsSuspended ? "suspended"u8 : "active"u8, tenant.IsSuspended ? "SUSPENDED"u8 : "ACTIVE"u8);
        to.Time("created_at"u8, tenant.CreatedAt);
        to.Json.WriteEndObject();
    }

    public static void Write(JsonBody to, TenantContext tenant, MintedKey key, DateTimeOffset now) => Write(to, tenant, key.Record, now, key.Text);

    /// <param name="text">The key itself; null = it is not shown.</param>
    public static void Write(JsonBody to, TenantContext tenant, ApiKeyRecord key, DateTimeOffset now, string? text = null)
    {
        var state = key.RevokedAt != null ? "revoked"u8 : key.ExpiresAt <= now ? "expired"u8 : "active"u8;
        to.Json.WriteStartObject();
        to.Json.WriteString("id"u8, key.KeyId);
        to.Json.WriteString("tenant_id"u8, tenant.Name);
        to.Json.WriteString("name"u8, key.Name);
        to.Json.WriteString("prefix"u8, ApiKey.Prefix + key.KeyId);
        to.Json.WriteString("status"u8, state);
        to.Json.WriteStartArray("scopes"u8);
        foreach (var scope in key.Scopes ?? []) to.Json.WriteStringValue(scope);
        to.Json.WriteEndArray();
        Time(to, "created_at"u8, key.CreatedAt);
        Time(to, "expires_at"u8, key.ExpiresAt);
        Time(to, "revoked_at"u8, key.RevokedAt);
        Time(to, "last_used_at"u8, key.LastUsedAt);
        if (text != null) to.Json.WriteString("api_key"u8, text);
        to.Json.WriteEndObject();
    }

    private static void Time(JsonBody to, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } given) to.Time(name, UnixTime.Of(given));
        else to.Json.WriteNull(name);
    }
}
