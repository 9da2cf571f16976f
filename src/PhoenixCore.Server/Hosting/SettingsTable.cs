using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using PhoenixCore.Journal;
using PhoenixCore.Replication;
using PhoenixCore.Server.Auth.Tokens;

namespace PhoenixCore.Server.Hosting;

/// <summary>The one table of settings: flags, variables, file keys and --help are made from it.</summary>
public static class SettingsTable
{
    private const int ApiKeyLengthMin = 16;

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("data", "./phoenix-data", "directory of the ledger; made when it is missing", (s, v) => s with { DataDirectory = NotEmpty(v) }),
        new("rest", "127.0.0.1:8080", "address and port of REST (HTTP/1.1; with a certificate also HTTP/2); port 0 takes a free one", (s, v) => s with { Rest = EndPoint(v) }),
        new("grpc", "127.0.0.1:8081", "address and port of gRPC (HTTP/2); port 0 takes a free one", (s, v) => s with { Grpc = EndPoint(v) }),
        new("api-key", "minted on the first start", "operator's key (tenant default, every scope), at least 16 characters; only as a variable", (s, v) => s with { ApiKey = Secret(v) }, IsSecret: true),
        new("wallets-expected", "65536", "wallets that the tables have room for before they first grow, 1024 to 268435456", (s, v) => s with { WalletsExpected = Number(v, 1_024, 1 << 28) }),
        new("hot-keys", "16777216", "idempotency keys kept in memory (48 bytes each), a power of two, 1024 to 268435456", (s, v) => s with { HotKeys = PowerOfTwo(v, 1_024, 1 << 28) }),
        new("key-retention-hours", "none", "hours that idempotency keys are remembered at least, 24 to 876000; none = for ever", (s, v) => s with { KeyRetention = v == "none" ? null : TimeSpan.FromHours(Number(v, 24, 876_000)) }),
        new("huge-pages", "true", "2 MiB pages for the tables: faster with many wallets, 2 MiB at least for each table", (s, v) => s with { HugePages = Switch(v) }),
        new("segment-min-mib", "4", "size of the journal's first segment in MiB, 2 to 1024", (s, v) => s with { SegmentMinMebibytes = Number(v, 2, 1_024) }),
        new("segment-max-mib", "64", "size of the journal's largest segments in MiB, 2 to 1024, not below the first", (s, v) => s with { SegmentMaxMebibytes = Number(v, 2, 1_024) }),
        new("writer", "pwrite", "how the journal is written: pwrite or mapped", (s, v) => s with { Writer = Writer(v) }),
        new("snapshot-every-mib", "1024", "MiB of journal after which a snapshot of the state is taken, 0 to 1048576; 0 = only when an operator asks", (s, v) => s with { SnapshotEveryMebibytes = Number(v, 0, 1 << 20) }),
        new("snapshots-kept", "3", "snapshots that stay, the newest, 2 to 1000; segments of the journal always stay", (s, v) => s with { SnapshotsKept = Number(v, 2, 1_000) }),
        new("shadow-every", "0", "facts after which the shadow, a second and simpler set of books, compares some accounts in memory with its own, 1 to 1000000000; 0 = no shadow", (s, v) => s with { ShadowEvery = Number(v, 0, 1_000_000_000) }),
        new("ring-slots", "8192", "commands that may wait before callers are held back, a power of two, 64 to 1048576", (s, v) => s with { RingSlots = PowerOfTwo(v, 64, 1 << 20) }),
        new("tenant-rate", "0", "operations per second of one tenant, 0 = no limit", (s, v) => s with { TenantRate = Number(v, 0, 10_000_000) }),
        new("key-rate", "0", "operations per second of one key, 0 = no limit", (s, v) => s with { KeyRate = Number(v, 0, 10_000_000) }),
        new("rate-burst-seconds", "2", "seconds of either rate that can be saved up, 1 to 60", (s, v) => s with { RateBurstSeconds = Number(v, 1, 60) }),
        new("tenant-under-way", "half of the ring", "operations that one tenant may have under way while there are other tenants, 16 to 1048576", (s, v) => s with { TenantUnderWay = Number(v, 16, 1 << 20) }),
        new("jwt-keys", "none", "JWK set of another issuer of tokens: a file, an https address, or an http address of this machine", (s, v) => s with { JwtKeys = Keys(v) }),
        new("jwt-issuer", "none", "that issuer's name (iss)", (s, v) => s with { JwtIssuer = NotEmpty(v) }),
        new("jwt-audience", "none", "what its tokens must be for (aud)", (s, v) => s with { JwtAudience = NotEmpty(v) }),
        new("webhook-private-targets", "false", "webhooks may go to http and to private addresses: for development only", (s, v) => s with { WebhookPrivateTargets = Switch(v) }),
        new("tls-certificate", "none", "certificate for both addresses: a .pem file (with --tls-key) or a .pfx file; none = clear text", (s, v) => s with { TlsCertificate = NotEmpty(v) }),
        new("tls-key", "none", "private key of a .pem certificate", (s, v) => s with { TlsKey = NotEmpty(v) }),
        new("tls-password", "none", "password of the .pfx file or the encrypted key; only as a variable", (s, v) => s with { TlsPassword = v }, IsSecret: true),
        new("follow", "none", "gRPC address of the leader whose copy this is, such as http://10.0.0.1:8081; none = this server leads, or is alone", (s, v) => s with { Follow = v == "none" ? null : Address(v) }),
        new("durability", "local", "when a write is answered: local = this disk holds it, quorum = the disks of more than half of the voters, all = of all voters", (s, v) => s with { Durability = Level<Durability>(v) }),
        new("replication-secret", "none", "what the copies of a shard show each other, at least 16 characters, the same on each; only as a variable", (s, v) => s with { ReplicationSecret = Secret(v) }, IsSecret: true),
        new("replication-ca", "none", "a .pem file: other copies must show a certificate of this authority, and so must the leader; needs --tls-certificate", (s, v) => s with { ReplicationCa = NotEmpty(v) }),
        new("advertise", "the bound address", "where other copies and clients find this server's gRPC, such as http://10.0.0.2:8081", (s, v) => s with { Advertise = Address(v).ToString() }),
        new("quorum-loss-ms", "1500", "silence of a quorum after which nothing more is taken, 200 to 60000", (s, v) => s with { QuorumLoss = TimeSpan.FromMilliseconds(Number(v, 200, 60_000)) }),
        new("bulk-copy-mib", "64", "MiB of sealed segments from which on an empty copy is sent a snapshot and the segments as they are instead of the stream, 1 to 1048576; the leader's setting counts", (s, v) => s with { BulkCopyMebibytes = Number(v, 1, 1 << 20) }),
        new("digest-every-seconds", "60", "seconds between two digests of the state that the copies of a shard compare, 1 to 86400; 0 = none; the leader's setting counts", (s, v) => s with { DigestEvery = TimeSpan.FromSeconds(Number(v, 0, 86_400)) }),
        new("stall-seconds", "30", "seconds that a loop of the shard may stand still (in one slow sync, say) before /livez says so, 1 to 3600", (s, v) => s with { Stall = TimeSpan.FromSeconds(Number(v, 1, 3_600)) }),
        new("log-format", "human", "human: lines on standard output, logs on standard error; json: every event as JSON on standard output, one on a line", (s, v) => s with { LogFormat = Format(v) }),
        new("log-level", "warning", "debug, information, warning or error", (s, v) => s with { LogLevel = Level(v) }),
    ];

    /// <summary>The text of --help.</summary>
    public static string Help()
    {
        var text = new StringBuilder("PhoenixCore server. Every setting is a flag, a variable, or a key of the JSON file named by --config; the first of these that is given counts.\n\n");
        foreach (var setting in All)
        {
            var names = setting.IsSecret ? setting.Variable : $"{setting.Flag} <value>  {setting.Variable}  \"{setting.Key}\"";
            text.Append(CultureInfo.InvariantCulture, $"  {names}\n      {setting.Meaning} (default: {setting.Default})\n");
        }

        return text.Append("  --config <file>  PHOENIX_CONFIG\n      JSON file with the settings above (default: none)\n  --help, --version\n").ToString();
    }

    private static string NotEmpty(string value) => value.Length > 0 ? value : throw new FormatException("a path is expected");

    private static string Keys(string value) => value.Length > 0 && ForeignIssuer.IsPlace(value) ? value : throw new FormatException("a path, an https address, or an http address of this machine is expected");

    private static IPEndPoint EndPoint(string value)
    {
        var named = value.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + value["localhost".Length..] : value;
        return named.LastIndexOf(':') > 0 && IPEndPoint.TryParse(named, out var address) ? address : throw new FormatException("address:port is expected, such as 127.0.0.1:8080 or [::1]:8080");
    }

    private static Uri Address(string value) => Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") ? address : throw new FormatException("an address such as http://10.0.0.1:8081 is expected");

    private static T Level<T>(string value)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => name.Equals(value, StringComparison.OrdinalIgnoreCase) && value == value.ToLowerInvariant()) is { } known ? Enum.Parse<T>(known)
            : throw new FormatException($"one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()} is expected");

    private static string Secret(string value) => value.Length >= ApiKeyLengthMin && value.All(c => c is > ' ' and < (char)127) ? value
        : throw new FormatException($"at least {ApiKeyLengthMin} printable ASCII characters without spaces are expected");

    private static int Number(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new FormatException($"a number from {least} to {most} is expected");

    private static int PowerOfTwo(string value, int least, int most)
    {
        var number = Number(value, least, most);
        return int.IsPow2(number) ? number : throw new FormatException("a power of two is expected");
    }

    private static bool Switch(string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw new FormatException("true or false is expected"),
    };

    private static WriterKind Writer(string value) => value switch
    {
        "pwrite" => WriterKind.Pwrite,
        "mapped" => WriterKind.Mapped,
        _ => throw new FormatException("pwrite or mapped is expected"),
    };

    private static LogFormat Format(string value) => value switch
    {
        "human" => LogFormat.Human,
        "json" => LogFormat.Json,
        _ => throw new FormatException("human or json is expected"),
    };

    private static LogLevel Level(string value) => value switch
    {
        "debug" => LogLevel.Debug,
        "information" => LogLevel.Information,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => throw new FormatException("debug, information, warning or error is expected"),
    };
}
