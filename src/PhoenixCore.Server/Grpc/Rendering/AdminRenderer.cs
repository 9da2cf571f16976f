using System.Globalization;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Server.Grpc.Rendering;

/// <summary>Tenants and keys as operators see them; never a hash.</summary>
internal static class AdminRenderer
{
    public static Tenant TenantOf(TenantContext tenant) => new()
    {
        Id = tenant.Name,
        Status = tenant.IsErased ? TenantStatus.Erased : tenant.IsSuspended ? TenantStatus.Suspended : TenantStatus.Active,
        CreatedAtUnixNs = tenant.CreatedAt,
    };

    public static ApiKey KeyOf(TenantContext tenant, MintedKey key, DateTimeOffset now)
    {
        var record = key.Record;
        return new ApiKey
        {
            Id = record.KeyId,
            TenantId = tenant.Name,
            Name = record.Name ?? "",
            Status = record.RevokedAt != null ? KeyStatus.Revoked : record.ExpiresAt <= now ? KeyStatus.Expired : KeyStatus.Active,
            Scopes = { record.Scopes ?? [] },
            CreatedAtUnixNs = Nanoseconds(record.CreatedAt),
            ExpiresAtUnixNs = Nanoseconds(record.ExpiresAt),
            RevokedAtUnixNs = Nanoseconds(record.RevokedAt),
            LastUsedAtUnixNs = Nanoseconds(record.LastUsedAt),
            ApiKey_ = key.Text ?? "",
        };
    }

    public static Snapshot SnapshotOf(SnapshotInfo snapshot) => new()
    {
        Id = snapshot.Name,
        Sequence = snapshot.Sequence,
        Epoch = snapshot.Epoch,
        AsOfUnixNs = snapshot.StampedAt,
        Chain = snapshot.Position.Chain.ToString(),
        Digest = snapshot.Digest.ToString("x32", CultureInfo.InvariantCulture),
        Sha256 = snapshot.Hash,
        Bytes = snapshot.Bytes,
    };

    private static long Nanoseconds(DateTimeOffset? time) => time is { } given ? (given.UtcTicks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick : 0;
}
