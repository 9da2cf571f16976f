using System.Globalization;
using PhoenixCore.Grpc;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Replicas;

/// <summary>What a copy that follows says of the age of what it shows, and when it rather waits or refuses. Any thread.</summary>
internal static class ReplicaReads
{
    public const string LeaderName = "X-Phoenix-Leader";

    /// <summary>gRPC metadata: at least so much must have been applied.</summary>
    public const string MinSequenceName = "phoenix-min-sequence";

    /// <summary>gRPC metadata: it may not be older than so many milliseconds.</summary>
    public const string MaxStalenessName = "phoenix-max-staleness-ms";
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(1);
    private static readonly ApiResult Stale = new("STALE_REPLICA", 503, GrpcStatusCode.Unavailable, "this copy has not yet what was asked for");

    /// <summary>Whether a REST request only asks; what operators ask of this copy itself is let through too.</summary>
    public static bool IsRead(string method, string target) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || target is "/replication/promote" or "/v1/replication/promote" or "/snapshots" or "/v1/snapshots";

    /// <summary>Waits up to a second for a sequence.</summary>
    /// <returns>Null = the copy can answer.</returns>
    public static async ValueTask<ApiResult?> RefusalAsync(ReplicaHost replica, string? minSequence, string? maxStaleness, CancellationToken ct)
    {
        if (minSequence is null && maxStaleness is null) return null;
        var (wanted, age) = (0UL, long.MaxValue);
        if (minSequence is not null && !ulong.TryParse(minSequence, NumberStyles.None, CultureInfo.InvariantCulture, out wanted)) return ApiResult.Invalid("min_sequence must be a number");
        if (maxStaleness is not null && !long.TryParse(maxStaleness, NumberStyles.None, CultureInfo.InvariantCulture, out age)) return ApiResult.Invalid("max_staleness_ms must be a number of milliseconds");
        var until = Environment.TickCount64 + (long)PatienceMax.TotalMilliseconds;
        while (replica.Node!.Shard.Applied < wanted)
        {
            if (Environment.TickCount64 >= until) return Stale;
            await Task.Delay(1, ct).ConfigureAwait(false);
        }

        return (replica.Staleness?.TotalMilliseconds ?? double.MaxValue) <= age ? null : Stale;
    }

    /// <summary>Headers of an answer.</summary>
    public static IEnumerable<(string Name, string Value)> Describe(ReplicaHost replica)
    {
        yield return ("X-Phoenix-Sequence", replica.Node!.Shard.Applied.ToString(CultureInfo.InvariantCulture));
        yield return ("X-Phoenix-Epoch", replica.Node.State.Promised.ToString(CultureInfo.InvariantCulture));
        if (replica.Staleness is { } staleness) yield return ("X-Phoenix-Staleness-Ms", ((long)staleness.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
    }
}
