namespace PhoenixCore.Model.Scripts;

/// <summary>An endless script of colliding commands, about half of which are accepted. The same seed and shape give the same script.</summary>
/// <remarks>
/// Start from <c>new ModelLedger(withHouse: true, provisionsIso: true)</c>. The generator plays along on a ledger of its own to know what
/// would fit. Lots and reservations that a command names by ordinal were made by earlier steps, never by its own batch; 1,000,000 is unknown.
/// </remarks>
public sealed class ScriptGenerator
{
    private const long QuarterHourNanoseconds = 15L * 60 * 1_000_000_000;
    private const long HourNanoseconds = 60L * 60 * 1_000_000_000;
    private const string DustWallet = "dust";

    private readonly SplitMix64 _random;
    private readonly ScriptShape _shape;
    private readonly ModelLedger _ledger = new();
    private readonly Chooser _choose;
    private readonly MoneyScripts _money;
    private readonly AdminScripts _admin;
    private readonly ReversalScripts _reversals;
    private readonly PolicyScripts _policies;
    private readonly KeyDealer _keys;
    private readonly Queue<ModelCommand> _next = new();
    private long _stamp;

    /// <summary>A script of this seed and shape.</summary>
    public ScriptGenerator(ulong seed, ScriptShape shape)
    {
        _random = new(seed);
        _shape = shape;
        _stamp = shape.FirstStamp;
        _choose = new(_random, shape, _ledger);
        _money = new(_choose);
        _admin = new(_choose);
        _reversals = new(_choose);
        _policies = new(_choose);
        _keys = new(_random, shape);
        _next.Enqueue(new CreateAsset("PTS", 0));
        _next.Enqueue(new CreateAsset("GEM", 2));
        if (shape.HugeAmounts) _next.Enqueue(new CreateAsset(Chooser.HugeAsset, 18));
    }

    /// <summary>What the model answered to the steps so far; may be shared by several scripts.</summary>
    public CoverageReport Coverage { get; init; } = new();

    /// <summary>The next steps as a plain list, from which a caller may drop any.</summary>
    public IReadOnlyList<ScriptStep> Take(int count)
    {
        var steps = new List<ScriptStep>(count);
        while (steps.Count < count)
        {
            steps.Add(Next());
        }

        return steps;
    }

    /// <summary>The next step.</summary>
    public ScriptStep Next()
    {
        _stamp += _random.Weighted(400, 450, 145, 5) switch
        {
            0 => 0,
            1 => _random.Between(1, 5),
            2 => _random.Between(6, 40),
            _ => QuarterHourNanoseconds + _random.Below(3),
        };
        if (_shape.LongJumpOnceIn > 0 && _random.Below(_shape.LongJumpOnceIn) == 0) _stamp += (_random.Between(1, 30) * HourNanoseconds) + _random.Below(3);
        _choose.Stamp = _stamp;
        var command = _next.TryDequeue(out var planned) ? planned : Unplanned();
        Coverage.Count(command, _ledger.Execute(command, _stamp));
        return new(command, _stamp);
    }

    private ModelCommand Unplanned()
    {
        if (_shape.DustOnceIn > 0 && _random.Below(_shape.DustOnceIn) == 0 && !Dusted()) PlanDust();
        if (_shape.RetireOnceIn > 0 && _random.Below(_shape.RetireOnceIn) == 0)
        {
            foreach (var step in _admin.Retirement()) _next.Enqueue(step);
        }

        if (_next.TryDequeue(out var planned)) return planned;

        ModelCommand command = _admin.Replacement() is { } replacement ? replacement : _random.Weighted(76, 9, 9, 4, 2, 7) switch
        {
            0 => _money.Any(),
            1 => _money.Batch(_shape.AdminInBatches ? _admin.Any : null),
            2 => _admin.Any(),
            3 => _keys.Question(),
            4 => new Sweep(),
            _ => _reversals.Any(),
        };
        if (_shape.PolicyPercent > 0) command = _random.Percent(_shape.PolicyPercent) ? _policies.Any() : _policies.Dress(command);
        return _keys.Deal(command, _stamp);
    }

    private bool Dusted() => _ledger.Wallets().Any(wallet => wallet.ExternalId == DustWallet);

    /// <summary>More lots on one account than an operation may touch, then operations on both sides of the bound; at the end little is left.</summary>
    private void PlanDust()
    {
        static CreateTransfer Dust(int lots) => new(new TransferLeg(DustWallet, "house_wallet", lots, "USD", Selection.Fifo));
        var credit = new CreateCredit(DustWallet, 1, "USD", Terms.Plain);
        _next.Enqueue(new SetAssetStatus("USD", true));
        _next.Enqueue(new CreateWallet(DustWallet, null, false));
        _next.Enqueue(new AtomicBatch([.. Enumerable.Repeat(credit, 1024)]));
        _next.Enqueue(new AtomicBatch([.. Enumerable.Repeat(credit, 12)]));
        _next.Enqueue(new AtomicBatch([Dust(1024), Dust(11), .. Enumerable.Repeat(credit, 1014)]));
        _next.Enqueue(new CreateDebit(DustWallet, 1025, "USD", Selection.Fifo));
        _next.Enqueue(new CreateReservation(DustWallet, 1024, "USD", null, Selection.Lifo));
        _next.Enqueue(new CommitReservation(_ledger.ReservationsEver, 1000, "house_wallet"));
        _next.Enqueue(Dust(30));
    }
}
