using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Simulation.Node;
using PhoenixCore.Simulation.Oracle;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Clients;

/// <summary>The operator: makes the tenant, and asks again until it is there.</summary>
internal sealed unsafe class TenantSetup
{
    private const long RetryNanoseconds = 50_000_000;
    private readonly SimWorld _world;
    private readonly SimNode _node;
    private readonly Auditor _auditor;

    public TenantSetup(SimWorld world, SimNode node, Auditor auditor)
    {
        (_world, _node, _auditor) = (world, node, auditor);
        world.In(1, Ask);
    }

    private void Ask()
    {
        if (_auditor.HasTenant) return;
        _world.In(RetryNanoseconds, Ask);
        if (_node.Open is not { } shard) return;
        var call = shard.Rent();
        var keys = (UInt128*)call.Keep(2 * sizeof(UInt128));
        (keys[0], keys[1]) = (LedgerRig.IdKey, LedgerRig.HashKey);
        call.Command->Kind = CommandKind.CreateTenant;
        call.Command->Tenant = LedgerRig.Tenant;
        call.Command->Flags = CommandFlags.WithHouse;
        call.Command->Arguments = keys;
        call.Command->ArgumentCount = 2;
        shard.SendAsync(call, CancellationToken.None).ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() =>
        {
            if (call.Reply->VisibleAfter > _node.History.Durable) _world.Fail($"the tenant's answer shows {call.Reply->VisibleAfter}, and {_node.History.Durable} is durable");
            else if (_auditor.Follow(call.Reply->VisibleAfter) is { } wrong) _world.Fail(wrong);
        });
    }
}
