using System.Runtime.CompilerServices;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Shard;
using PhoenixCore.Simulation.Node;
using PhoenixCore.Simulation.Oracle;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Clients;

/// <summary>Callers: each sends a command, waits, gives up after a time, and settles by its key what became of it.</summary>
internal sealed unsafe class SimClients
{
    /// <summary>Fewer than the ring has slots: waiting for a slot goes on on another thread.</summary>
    private const int SentMax = 256;
    private const int LongTextMin = 2_000;
    private const int LongTextMax = 11_000;
    private const long RetryNanosecondsMax = 20_000_000;

    private readonly SimWorld _world;
    private readonly Swarm _swarm;
    private readonly SimNode _node;
    private readonly Auditor _auditor;
    private readonly Workload _workload;
    private readonly IReadOnlySet<int> _skip;
    private readonly SplitMix64 _random;
    private readonly Dictionary<SimCommand, CommandArena> _sent = [];
    private int _turn;

    public SimClients(SimWorld world, Swarm swarm, SimNode node, Auditor auditor, IReadOnlySet<int> skip)
    {
        (_world, _swarm, _node, _auditor, _skip) = (world, swarm, node, auditor, skip);
        _random = world.Stream(6);
        _workload = new Workload(world, swarm, auditor);
        Busy = swarm.Clients;
        _ = new TenantSetup(world, node, auditor);
        for (var i = 0; i < swarm.Clients; i++) world.In(_random.Below(1_000_000), Next);
    }

    /// <summary>Commands that were made up.</summary>
    public int Made { get; private set; }

    /// <summary>Clients that are not done.</summary>
    public int Busy { get; private set; }

    /// <summary>Commands whose answer did not come in time or at all, with a key to ask by.</summary>
    public long Uncertain { get; private set; }

    /// <summary>Of these, settled.</summary>
    public long Settled { get; private set; }

    /// <summary>Sent to the process that runs now, and not answered.</summary>
    public IEnumerable<SimCommand> Unanswered => _sent.Keys;

    /// <summary>The process has ended: nothing that it had not answered will be.</summary>
    public IReadOnlyList<SimCommand> ForgetAll()
    {
        var unanswered = Unanswered.ToList();
        foreach (var command in unanswered)
        {
            var arena = _sent[command];
            _sent.Remove(command);
            _world.In(0, arena.Dispose); // once nothing of the dead process is on the stack
        }

        return unanswered;
    }

    private void Next()
    {
        if (Made >= _swarm.Operations)
        {
            Busy--;
            return;
        }

        if (_node.Open is null || !_auditor.HasTenant)
        {
            _world.In(1 + _random.Below((int)RetryNanosecondsMax), Next);
            return;
        }

        var index = Made++;
        var command = _workload.Next(_node.Clock.WallNanoseconds, out var readOf);
        if (_skip.Contains(index)) Think();
        else Send(new Attempt(command, readOf) { LongText = _random.Percent(_swarm.LongTextPercent) ? _random.Between(LongTextMin, LongTextMax) : 0 });
    }

    private void Think() => _world.In(1 + (long)(_random.Next() % (ulong)(2 * _swarm.Think)), Next);

    private void Send(Attempt attempt)
    {
        if (_node.Open is not { } shard || _sent.Count >= SentMax)
        {
            _world.In(1 + _random.Below((int)RetryNanosecondsMax), () => Send(attempt));
            return;
        }

        var arena = new CommandArena();
        SimCommand sent;
        try
        {
            sent = Fill(shard, attempt, arena);
        }
        catch (Exception broken)
        {
            _world.Fail($"{attempt.Asked}: cannot be sent: {broken}");
            return;
        }

        _sent.Add(sent, arena);
        attempt.Current = sent;
        _world.In(_swarm.Timeout, () => TimeOut(attempt, sent));
        var answered = shard.ExecuteAsync(sent.Call, CancellationToken.None).ConfigureAwait(false).GetAwaiter();
        if (answered.IsCompleted) Answered(attempt, sent, () => answered.GetResult());
        else answered.UnsafeOnCompleted(() => Answered(attempt, sent, () => answered.GetResult()));
    }

    private SimCommand Fill(LedgerShard shard, Attempt attempt, CommandArena arena)
    {
        var translator = new ModelTranslator(_auditor.Book, _auditor.Model, arena, _auditor.LastChangeOf) { Turn = _turn++ };
        var from = attempt.ReadOf is { } wallet ? Question(arena, wallet) : translator.Translate(attempt.Asked!);
        if (attempt.LongText > 0 && from->Kind is CommandKind.CreateCredit or CommandKind.CreateDebit or CommandKind.CreateTransfer or CommandKind.CreateReservation && !from->Has(CommandFlags.HasPolicyInput)) arena.AddText(from, ExtraTag.Metadata, attempt.Text);
        var call = shard.Rent();
        var reply = call.Command->Reply;
        *call.Command = *from;
        call.Command->Reply = reply;
        return new SimCommand(attempt.Asked!, call, [.. translator.OperationOf], attempt.ReadOf) { Floor = _auditor.Shown };
    }

    private static Command* Question(CommandArena arena, string wallet)
    {
        var question = arena.Commands(1);
        question->Kind = CommandKind.ReadWallet;
        question->Tenant = LedgerRig.Tenant;
        question->Flags = CommandFlags.WalletByAlias;
        (question->WalletAliasLo, question->WalletAliasHi) = CommandArena.HashOf(wallet);
        return question;
    }

    /// <summary>The shard has answered; the client hears of it later, if it still listens.</summary>
    private void Answered(Attempt attempt, SimCommand sent, Action result)
    {
        if (!_sent.Remove(sent, out var arena)) return; // of a process that has ended
        try
        {
            result();
        }
        catch (Exception failed)
        {
            // The edge could not look for a forgotten key: its caller gets an error, and does not know.
            if (!_node.MayFail || failed is not IOException) _world.Fail($"{sent.Asked}: {failed}");
            _world.In(0, arena.Dispose);
            TimeOut(attempt, sent);
            return;
        }

        sent.Answer();
        _auditor.Answered(sent);
        var again = sent.Result is LedgerResult.Outdated or LedgerResult.EndingNotSearched or LedgerResult.StorageFull or LedgerResult.ClockSuspect && sent.Kind == OutcomeKind.Refused;
        _world.In(_random.Below(200_000), () =>
        {
            arena.Dispose();
            sent.Call.Return();
            if (attempt.Current == sent) Hear(attempt, again);
        });
    }

    private void Hear(Attempt attempt, bool again)
    {
        attempt.Current = null;
        if (again)
        {
            _world.In(1 + _random.Below((int)RetryNanosecondsMax), () => Send(attempt));
            return;
        }

        if (attempt.IsUncertain) Settled++;
        Think();
    }

    private void TimeOut(Attempt attempt, SimCommand sent)
    {
        if (attempt.Current != sent) return;
        attempt.Current = null;
        if (attempt.Asked is null or KeyStatus or { Key: null })
        {
            Think(); // nobody will ever know
            return;
        }

        if (!attempt.IsUncertain) Uncertain++;
        attempt.IsUncertain = true;
        _world.In(1 + _random.Below((int)RetryNanosecondsMax), () => Send(attempt));
    }

    /// <summary>A command on its way, over all the times that it is sent.</summary>
    private sealed class Attempt(ModelCommand? asked, string? readOf)
    {
        public ModelCommand? Asked { get; } = asked;

        public string? ReadOf { get; } = readOf;

        /// <summary>What is waited for; null = nothing.</summary>
        public SimCommand? Current { get; set; }

        public bool IsUncertain { get; set; }

        public int LongText { get; init; }

        public string Text => new('x', LongText);
    }
}
