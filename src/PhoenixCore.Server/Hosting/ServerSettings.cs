using System.Net;
using Microsoft.Extensions.Logging;
using PhoenixCore.Journal;
using PhoenixCore.Replication;

namespace PhoenixCore.Server.Hosting;

/// <summary>What the host needs to know; see <see cref="SettingsTable"/> for names, defaults and meanings.</summary>
public sealed record ServerSettings
{
    public string DataDirectory { get; init; } = "./phoenix-data";

    public IPEndPoint Rest { get; init; } = new(IPAddress.Loopback, 8080);

    public IPEndPoint Grpc { get; init; } = new(IPAddress.Loopback, 8081);

    /// <summary>Replaces the minted key of the default tenant; 16 characters at least.</summary>
    public string? ApiKey { get; init; }

    public int WalletsExpected { get; init; } = 65_536;

    public int HotKeys { get; init; } = 1 << 24;

    /// <summary>At least 24 hours; null = for ever.</summary>
    public TimeSpan? KeyRetention { get; init; }

    public bool HugePages { get; init; } = true;

    public int SegmentMinMebibytes { get; init; } = 4;

    public int SegmentMaxMebibytes { get; init; } = 64;

    public WriterKind Writer { get; init; } = WriterKind.Pwrite;

    /// <summary>0 = only when asked.</summary>
    public int SnapshotEveryMebibytes { get; init; } = 1_024;

    public int SnapshotsKept { get; init; } = 3;

    /// <summary>Facts; 0 = no shadow.</summary>
    public int ShadowEvery { get; init; }

    public int RingSlots { get; init; } = 8_192;

    /// <summary>Operations per second; 0 = no limit. The same of the next.</summary>
    public int TenantRate { get; init; }

    public int KeyRate { get; init; }

    public int RateBurstSeconds { get; init; } = 2;

    /// <summary>Operations; 0 = half of the ring.</summary>
    public int TenantUnderWay { get; init; }

    /// <summary>JWK set of another issuer: path or address; null = only own tokens.</summary>
    public string? JwtKeys { get; init; }

    public string? JwtIssuer { get; init; }

    public string? JwtAudience { get; init; }

    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    public string? TlsPassword { get; init; }

    /// <summary>For development: webhooks may go to http and to private addresses.</summary>
    public bool WebhookPrivateTargets { get; init; }

    /// <summary>Shortens the times between repeated deliveries; no setting, because only tests cannot wait for days.</summary>
    public double WebhookRetryScale { get; init; } = 1;

    /// <summary>How long a loop of the shard may stand still.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Address of the leader's gRPC; null = this server leads, or is alone.</summary>
    public Uri? Follow { get; init; }

    public Durability Durability { get; init; } = Durability.Local;

    /// <summary>What copies of a shard show each other; null = there are no others.</summary>
    public string? ReplicationSecret { get; init; }

    /// <summary>Where other copies and clients find this one's gRPC; null = the address it is bound to.</summary>
    public string? Advertise { get; init; }

    /// <summary>Whose certificates other copies must show, and whose the leader's must be: a .pem file; null = the system's trust, and none is asked for.</summary>
    public string? ReplicationCa { get; init; }

    /// <summary>Silence of a quorum after which nothing more is taken.</summary>
    public TimeSpan QuorumLoss { get; init; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>MiB of sealed segments from which on an empty copy is sent files.</summary>
    public int BulkCopyMebibytes { get; init; } = 64;

    /// <summary>Between two digests that copies compare; zero = none.</summary>
    public TimeSpan DigestEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>This server is, or may become, one copy of several.</summary>
    public bool IsReplicated => ReplicationSecret is not null;

    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    public LogFormat LogFormat { get; init; }

    /// <summary>Every setting with its origin, as it was read; empty when these were made otherwise.</summary>
    public IReadOnlyList<GivenSetting> Given { get; init; } = [];
}
