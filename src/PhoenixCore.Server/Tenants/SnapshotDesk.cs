using PhoenixCore.Grpc;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Server.Tenants;

/// <summary>Snapshots on an operator's demand, for both fronts. Any thread.</summary>
/// <remarks>Errors: <see cref="RefusedException"/>.</remarks>
public sealed class SnapshotDesk(LedgerShard shard)
{
    private static readonly ApiResult NotTaken = new("UNAVAILABLE", 503, GrpcStatusCode.Unavailable, "the snapshot could not be written; the server's log says why, and the ledger goes on");

    /// <summary>Completes when it is durable; who asks meanwhile gets the same one or the next.</summary>
    public async Task<SnapshotInfo> CreateAsync()
    {
        try
        {
            return await shard.Snapshots.TakeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            throw new RefusedException(NotTaken);
        }
    }

    /// <summary>Those whose first page is whole, newest first.</summary>
    public IReadOnlyList<SnapshotInfo> Sound() => shard.Snapshots.Sound();
}
