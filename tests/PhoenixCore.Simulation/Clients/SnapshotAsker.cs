using PhoenixCore.Simulation.Node;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Clients;

/// <summary>The operator who takes snapshots by hand, while commands come and groups are under way.</summary>
internal sealed class SnapshotAsker
{
    private const int AskedMax = 20;

    private readonly SimWorld _world;
    private readonly SimNode _node;
    private readonly long _every;
    private readonly Model.Scripts.SplitMix64 _random;
    private int _asked;

    public SnapshotAsker(SimWorld world, Swarm swarm, SimNode node)
    {
        (_world, _node, _every, _random) = (world, node, swarm.SnapshotAskEvery, world.Stream(8));
        if (_every > 0) Plan();
    }

    private void Plan() => _world.In(1 + (long)(_random.Next() % (ulong)(2 * _every)), () =>
    {
        if (_node.Open is { Cursors.Committed: > 0 } shard) _ = shard.Snapshots.TakeAsync(); // whether it was taken is the shard's to tell; a note without a cause fails the run
        if (++_asked < AskedMax) Plan();
    });
}
