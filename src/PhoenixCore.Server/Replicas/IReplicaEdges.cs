using PhoenixCore.Shard;

namespace PhoenixCore.Server.Replicas;

/// <summary>What stands on a shard and has to come and go with its role.</summary>
internal interface IReplicaEdges
{
    /// <summary>Recovers the shard of the directory.</summary>
    Task<LedgerShard> OpenShardAsync(Guid shardId, IShardReplication replication);

    /// <summary>The first tenant is there.</summary>
    Task<bool> HasTenantAsync(LedgerShard shard);

    /// <summary>Both fronts answer when it returns.</summary>
    Task OpenAsync(LedgerShard shard, Guid shardId, bool isFollower);

    /// <summary>Both fronts refuse, and nothing uses the shard any more, when it returns.</summary>
    Task CloseAsync();

    /// <summary>A file beside the journal has come from the leader.</summary>
    void OnFile(string name);

    /// <summary>Now and then, on a follower: takes over what has changed.</summary>
    Task RefreshAsync(LedgerShard shard, Guid shardId);
}
