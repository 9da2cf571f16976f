using System.Collections.Frozen;
using PhoenixCore.Grpc;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Replicas;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace PhoenixCore.Server.Grpc;

/// <summary>What a call says about who calls and until when; lets it in by the gate.</summary>
/// <param name="replica">Null = the shard has no other copies.</param>
internal sealed class GrpcCaller(Gate gate, IEnumerable<ServiceDescriptor> services, ReplicaHost? replica = null)
{
    private static readonly GrpcStatus Unauthorized = Statuses.Of(ApiResult.Unauthorized);
    private static readonly GrpcStatus Forbidden = Statuses.Of(ApiResult.Forbidden);

    private readonly FrozenDictionary<string, (Scope Any, bool IsStream)> _scopes = GrpcScopes.Of(services);

    public static TenantContext TenantOf(GrpcCall call) => ((Caller)call.Caller!).Tenant;

    public static Caller Of(GrpcCall call) => (Caller)call.Caller!;

    /// <summary>For what a method's own scope does not cover.</summary>
    public static void Require(GrpcCall call, Scope any)
    {
        if (!Of(call).May(any)) throw new GrpcException(Forbidden);
    }

    /// <summary>Unix nanoseconds; 0 = none.</summary>
    public static long DeadlineOf(GrpcCall call) => call.Deadline is { } deadline ? (deadline - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick : 0;

    /// <summary>As a status, with the time to wait when it is a matter of that.</summary>
    public static GrpcStatus Refuse(in Admission admission)
    {
        if (admission.Rate is not { IsAdmitted: false } rate) return Statuses.Of(admission.Refusal!);
        return Statuses.Of(admission.Refusal!, TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(rate.RetryIn.TotalMilliseconds))));
    }

    /// <summary>Lets health and reflection through; every other call needs a credential with its scope.</summary>
    public ValueTask Authorize(GrpcCall call)
    {
        if (!_scopes.TryGetValue(call.Path, out var method))
        {
            if (!call.Path.StartsWith("/grpc.", StringComparison.Ordinal)) call.Fail(Forbidden);
            return default;
        }

        if (gate.Authenticate(call.RequestMetadata["authorization"] is [var authorization] ? authorization : null) is not { } caller)
        {
            call.Fail(Unauthorized);
            return default;
        }

        call.Caller = caller;
        var admission = method.IsStream ? new Admission(Gate.Refusal(caller, method.Any), null) : gate.Admit(caller, method.Any);
        if (admission.Refusal != null) call.Fail(Refuse(admission));
        else call.HoldsPlace = !method.IsStream;
        if (replica is { RefusesWrites: true } && admission.Refusal == null && (replica.RefusesReads || !IsQuestion(call.Path))) call.Fail(Statuses.Of(Ledger.LedgerResult.NotEnoughReplicas));
        return replica?.Link is null || admission.Refusal != null ? default : OnFollowerAsync(call, method.Any);
    }

    /// <summary>A copy that follows refuses what writes, names the leader, and says how old what it shows may be.</summary>
    private async ValueTask OnFollowerAsync(GrpcCall call, Scope any)
    {
        if ((any & (Scope.AnyWrite | Scope.Admin)) != 0 && !IsQuestion(call.Path))
        {
            call.Fail(Statuses.NotLeader(replica!.Node!.LeaderAddress));
            return;
        }

        if (await ReplicaReads.RefusalAsync(replica!, call.RequestMetadata.Find(ReplicaReads.MinSequenceName), call.RequestMetadata.Find(ReplicaReads.MaxStalenessName), call.CancellationToken).ConfigureAwait(false) is { } refusal)
        {
            call.Fail(Statuses.Of(refusal));
            return;
        }

        foreach (var (name, value) in ReplicaReads.Describe(replica!)) call.HttpContext.Response.Headers[name.ToLowerInvariant()] = value;
    }

    private static bool IsQuestion(string path) => path[(path.LastIndexOf('/') + 1)..] is var method && (method.StartsWith("Get", StringComparison.Ordinal) || method.StartsWith("List", StringComparison.Ordinal));

    public static void End(GrpcCall call) => Gate.Leave(Of(call));
}
