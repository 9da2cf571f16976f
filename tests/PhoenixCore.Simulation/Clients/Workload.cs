using PhoenixCore.Model;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Simulation.Oracle;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Clients;

/// <summary>Makes up commands from what is durable: mostly ones that fit, now and then wrong ones. Parameters are drawn for each command.</summary>
internal sealed class Workload
{
    private readonly SplitMix64 _random;
    private readonly Auditor _auditor;
    private readonly ScriptShape _shape;
    private readonly Chooser _choose;
    private readonly MoneyScripts _money;
    private readonly AdminScripts _admin;
    private readonly ReversalScripts _reversals;
    private readonly PolicyScripts _policies;
    private readonly KeyDealer _keys;
    private int _made;

    public Workload(SimWorld world, Swarm swarm, Auditor auditor)
    {
        (_random, _auditor, _shape) = (world.Stream(5), auditor, swarm.Shape);
        _choose = new Chooser(_random, _shape, auditor.Model);
        _money = new MoneyScripts(_choose);
        _admin = new AdminScripts(_choose);
        _reversals = new ReversalScripts(_choose);
        _policies = new PolicyScripts(_choose);
        _keys = new KeyDealer(_random, _shape);
    }

    /// <summary>The next command; null = a read of <paramref name="readOf"/>.</summary>
    public ModelCommand? Next(long now, out string? readOf)
    {
        readOf = null;
        _choose.Stamp = Math.Max(now, _auditor.Stamp);
        if (_made++ < 2 || _choose.Named.Assets().Count == 0) return _keys.Deal(new CreateAsset(_made % 2 == 1 ? "PTS" : "GEM", _made % 2 == 1 ? 0 : 2), _choose.Stamp); // a crowd is there before the first of them
        var isEmpty = _choose.Wallets().Count == 0;
        if (_random.Percent(10) && !isEmpty)
        {
            readOf = _random.Pick(_choose.Wallets()).ExternalId; // the system's show what is due anywhere
            return null;
        }

        ModelCommand command = _admin.Replacement() is { } replacement ? replacement : _random.Weighted(80, 6, 5, 4, 5) switch
        {
            0 => _money.Any(),
            1 => _money.Batch(_shape.AdminInBatches ? _admin.Any : null),
            2 => _admin.Any(),
            3 => _keys.Question(),
            _ => _reversals.Any(),
        };
        if (_shape.PolicyPercent > 0 && !isEmpty) command = _random.Percent(_shape.PolicyPercent) ? _policies.Any() : _policies.Dress(command);
        return _keys.Deal(command, _choose.Stamp);
    }
}
