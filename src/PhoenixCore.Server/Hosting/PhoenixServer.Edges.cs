using PhoenixCore.Ledger;
using PhoenixCore.Server.Replicas;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Hosting;

/// <summary>What a server does when its copy of the shard begins, changes its role, or has to be opened anew.</summary>
public sealed partial class PhoenixServer
{
    private sealed class Edges(PhoenixServer server) : IReplicaEdges
    {
        /// <summary>What asked for the change is among the requests that are under way.</summary>
        private static readonly TimeSpan ClosingPatience = TimeSpan.FromMilliseconds(200);

        private volatile bool _isStale;
        private bool _isFollower;

        public Task<LedgerShard> OpenShardAsync(Guid shardId, IShardReplication replication) =>
            ServerParts.OpenShardAsync(server._settings, shardId, server._onFault, server._ledgerClock, server._log, server._sources.Opening, replication);

        public async Task<bool> HasTenantAsync(LedgerShard shard)
        {
            var call = shard.Rent();
            try
            {
                Fill(call);
                await shard.SendAsync(call, CancellationToken.None);
                return ResultOf(call) == LedgerResult.Accepted;
            }
            finally
            {
                call.Return();
            }
        }

        public async Task OpenAsync(LedgerShard shard, Guid shardId, bool isFollower)
        {
            _isFollower = isFollower;
            _isStale = false;
            await server.OpenPartsAsync(shard, shardId, isFollower);
        }

        public async Task CloseAsync()
        {
            if (server._parts is not { } parts) return;
            server._front.Close();
            server._sources.Parts = null;
            parts.Rest.StopStreams();
            await server.WhenIdleAsync(parts, ClosingPatience);
            server._health.Closed();
            await parts.DisposeAsync();
            server._parts = null;
        }

        /// <remarks>Tenants' keys are found where they are needed, and keys of callers are read again; what was opened with an older secret is made anew.</remarks>
        public void OnFile(string name) => _isStale |= name is "secrets.key" or "token-key.pem";

        public async Task RefreshAsync(LedgerShard shard, Guid shardId)
        {
            if (!_isFollower || server._parts is not { } parts) return;
            if (!_isStale)
            {
                await parts.RefreshAsync();
                return;
            }

            await CloseAsync();
            await OpenAsync(shard, shardId, isFollower: true);
        }

        private static unsafe void Fill(Shard.Calls.ShardCall call)
        {
            call.Command->Kind = CommandKind.ReadTenant;
            call.Command->Tenant = TenantRegistry.DefaultNumber;
        }

        private static unsafe LedgerResult ResultOf(Shard.Calls.ShardCall call) => call.Reply->Result;
    }
}
