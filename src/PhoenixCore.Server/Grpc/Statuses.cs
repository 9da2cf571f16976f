using System.Globalization;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.Policies;

namespace PhoenixCore.Server.Grpc;

/// <summary>Refusals as gRPC statuses, each made once.</summary>
internal static class Statuses
{
    public const string Domain = "phoenixcore";

    private static readonly GrpcStatus?[] All = [.. Enumerable.Range(0, (int)Enum.GetValues<LedgerResult>().Max() + 1)
        .Select(number => (LedgerResult)number).Select(result => result != LedgerResult.Accepted && Enum.IsDefined(result) ? Make(result, null) : null)];

    /// <param name="result">Anything but Accepted.</param>
    /// <param name="refusedIndex">The leg or operation that was refused; −1 = the request itself.</param>
    public static GrpcStatus Of(LedgerResult result, int refusedIndex = -1)
    {
        if (refusedIndex < 0) return All[(int)result]!;
        return Make(result, new Dictionary<string, string> { ["index"] = refusedIndex.ToString(CultureInfo.InvariantCulture) });
    }

    /// <param name="retryIn">When waiting helps; null = it does not.</param>
    public static GrpcStatus Of(ApiResult result, TimeSpan? retryIn = null) => new(result.Grpc, result.Message, result.Code, Domain, retryIn: retryIn);

    /// <summary>With what a policy says about it.</summary>
    public static GrpcStatus Of(TenantContext tenant, in OperationReply reply)
    {
        if (PolicyDetails.Of(tenant, reply) is not { } details) return Of(reply.Result, reply.RefusedIndex);
        var metadata = details.ToDictionary(detail => detail.Name, detail => detail.Value);
        if (reply.RefusedIndex >= 0) metadata["index"] = reply.RefusedIndex.ToString(CultureInfo.InvariantCulture);
        return Make(reply.Result, metadata, reply.Explanation);
    }

    /// <summary>With where the leader is, if that is known.</summary>
    public static GrpcStatus NotLeader(string leader) => Make(LedgerResult.NotLeader, leader.Length == 0 ? null : new Dictionary<string, string> { ["leader"] = leader });

    public static GrpcStatus InvalidPolicy(string why) => Make(LedgerResult.InvalidPolicy, null, why);

    /// <summary>A request that breaks the contract before the ledger sees it.</summary>
    public static GrpcStatus Invalid(string why) => new(GrpcStatusCode.InvalidArgument, why, "VALIDATION_ERROR", Domain);

    public static GrpcStatus NotFound(string code, string why) => new(GrpcStatusCode.NotFound, why, code, Domain);

    /// <summary>Events that are no longer here.</summary>
    public static GrpcStatus TooOld(ulong oldest) => new(
        GrpcStatusCode.OutOfRange, "the events are no longer here", "SEQUENCE_TOO_OLD", Domain, new Dictionary<string, string> { ["oldest_sequence"] = oldest.ToString(CultureInfo.InvariantCulture) });

    private static GrpcStatus Make(LedgerResult result, Dictionary<string, string>? metadata, string? message = null)
    {
        var api = ApiResult.Of(result);
        return new GrpcStatus(api.Grpc, message ?? api.Message, api.Code, Domain, metadata);
    }
}
