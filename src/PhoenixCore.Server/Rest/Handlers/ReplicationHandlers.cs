using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Replication;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Replicas;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>The copies of the shard, for operators.</summary>
internal sealed class ReplicationHandlers(CommandRunner runner, ReplicaHost? replica)
{
    private static readonly ApiResult Alone = new("NOT_REPLICATED", 409, GrpcStatusCode.FailedPrecondition, "this server has no other copies: it was started without a replication secret");

    /// <summary>What the routes of operators about copies begin with: they are answered however few copies are there.</summary>
    public const string Path = "/replication";

    public IEnumerable<Route> Routes =>
    [
        new("GET", "/replication", Scope.Admin, Get, NeedsKey: false),
        new("POST", "/replication/promote", Scope.Admin, PromoteAsync, NeedsKey: false),
    ];

    private ReplicaHost Replica => replica?.Node is null ? throw new RefusedException(Alone) : replica;

    private ValueTask Get(RestCall call)
    {
        Send(call);
        return default;
    }

    private async ValueTask PromoteAsync(RestCall call)
    {
        var body = new AdminBody(await runner.ReadBytesAsync(call).ConfigureAwait(false), "accept_single_copy", "peers");
        try
        {
            await Replica.PromoteAsync(body.Switch("accept_single_copy") == true, body.Texts("peers")).ConfigureAwait(false);
        }
        catch (PromotionRefusedException e)
        {
            throw new RefusedException(new ApiResult(e.NeedsAcceptance ? "NOT_ENOUGH_REPLICAS" : "PROMOTION_REFUSED", 409, GrpcStatusCode.FailedPrecondition, e.NeedsAcceptance ? e.Message + "; accept_single_copy goes on with this copy alone" : e.Message));
        }

        Send(call);
    }

    private void Send(RestCall call)
    {
        var host = Replica;
        var node = host.Node!;
        var shard = node.Shard;
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString("role"u8, node.Role.ToString().ToLowerInvariant());
        json.WriteString("incarnation"u8, node.State.Incarnation);
        json.WriteString("timeline"u8, node.State.Timeline);
        json.WriteString("durability"u8, node.Durability.ToString().ToLowerInvariant());
        json.WriteNumber("epoch"u8, node.Leader?.Epoch ?? node.State.Promised);
        json.WriteString("leader"u8, node.LeaderAddress);
        json.WriteNumber("durable"u8, shard.Durable.LastSequence);
        json.WriteNumber("committed"u8, shard.Cursors.Committed);
        json.WriteNumber("applied"u8, shard.Applied);
        if (host.Staleness is { } staleness) json.WriteNumber("staleness_ms"u8, (long)staleness.TotalMilliseconds);
        json.WriteBoolean("single_copy_accepted"u8, node.State.Members.SingleCopyAccepted);
        json.WriteStartArray("voters"u8);
        foreach (var voter in node.State.Members.Voters) json.WriteStringValue(voter);
        json.WriteEndArray();
        if (node.Leader is { } leader) WriteFollowers(body, node, leader, shard.Durable.LastSequence);
        json.WriteEndObject();
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private static void WriteFollowers(JsonBody body, Node node, Leader leader, ulong durable)
    {
        var json = body.Json;
        json.WriteNumber("quorum"u8, leader.QuorumSize);
        json.WriteBoolean("enough"u8, !node.IsShort);
        json.WriteStartArray("followers"u8);
        foreach (var follower in leader.Followers)
        {
            json.WriteStartObject();
            json.WriteString("incarnation"u8, follower.Incarnation);
            json.WriteString("address"u8, follower.Address);
            json.WriteBoolean("voter"u8, follower.IsVoter);
            json.WriteBoolean("connected"u8, follower.IsConnected);
            json.WriteNumber("durable"u8, follower.Durable);
            json.WriteNumber("lag_records"u8, durable - Math.Min(durable, follower.Durable));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
