using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Oracle;

/// <summary>Replays what was answered, in the order of sequences, through the independent model, and says where an answer is not the model's.</summary>
/// <remarks>
/// Answers come in the order of decisions, so the model goes forward with them: facts in front of an answer's own are nobody's command (an epoch, what was due,
/// a currency that a command needed) or were answered before. Never ahead of what is durable, so nothing is ever taken back.
/// </remarks>
internal sealed unsafe class Auditor : IDisposable
{
    private readonly SimWorld _world;
    private readonly FactHistory _history;
    private readonly Dictionary<ulong, RecordedFact> _keyed = [];
    private readonly CommandArena _questions = new();
    private readonly List<SimCommand> _early = [];
    private bool _isTaken;
    private readonly byte* _answer = (byte*)NativeMemory.Alloc(LedgerLimits.FactBytesMax);
    private readonly ModelTranslator _translator;
    private readonly AnswerComparison _answers;

    public Auditor(SimWorld world, FactHistory history, LedgerOptions sizes)
    {
        (_world, _history) = (world, history);
        Replayed = new LedgerCore(sizes);
        _translator = new ModelTranslator(Book, Model, _questions, LastChangeOf);
        _answers = new AnswerComparison(Book, _translator, sequence => _keyed.GetValueOrDefault(sequence));
    }

    public ModelLedger Model { get; } = new();

    public FactBook Book { get; } = new();

    /// <summary>A ledger that has applied the durable facts one after the other, without snapshots and without a journal.</summary>
    public LedgerCore Replayed { get; }

    /// <summary>Whoever takes it disposes it; nothing is judged any more.</summary>
    public LedgerCore TakeReplayed()
    {
        _isTaken = true;
        return Replayed;
    }

    public CoverageReport Coverage { get; } = new();

    /// <summary>Sequence up to which the model has come.</summary>
    public ulong Processed { get; private set; }

    /// <summary>Ledger time of the last command that the model has decided.</summary>
    public long Stamp { get; private set; } = 1;

    /// <summary>Committed and shown to somebody.</summary>
    public ulong Shown { get; private set; }

    /// <summary>Clients may be told that the disk is full or the clock suspect: it was, or a segment could not be prepared.</summary>
    public required Func<bool> MayRefuse { get; init; }

    public long Answers { get; private set; }

    /// <summary>Before it is there nothing can be asked.</summary>
    public bool HasTenant { get; private set; }

    /// <summary>Which fact last changed a lot's terms, in the durable state.</summary>
    public ulong LastChangeOf(ulong lot)
    {
        var question = _questions.Commands(1);
        question->Kind = CommandKind.ReadLotChange;
        question->Tenant = LedgerRig.Tenant;
        question->Subject = lot;
        var result = Replayed.Answer(question, _answer, LedgerLimits.FactBytesMax, out _);
        var sequence = result == LedgerResult.Accepted ? ((LotChangeView*)_answer)->Sequence : 0;
        _questions.Clear();
        return sequence;
    }

    /// <summary>A command has been answered; called in the order of answers.</summary>
    public void Answered(SimCommand command)
    {
        Answers++;
        _world.Trace((ulong)command.Result + (command.Sequence << 8));
        if (Guarded(command, () => Judge(command)) is { } wrong) _world.Fail(wrong);
        foreach (var early in _early.Where(early => early.Sequence <= Processed).ToList())
        {
            _early.Remove(early);
            if (Guarded(early, () => JudgeAnswer(early)) is { } other) _world.Fail(other);
        }
    }

    /// <summary>A restart has kept everything up to <paramref name="sequence"/>: the facts of commands that were decided and not answered are taken in.</summary>
    public void Restarted(ulong sequence, IReadOnlyDictionary<ulong, SimCommand> unanswered)
    {
        while (Processed < sequence && _world.Failure is null)
        {
            var command = unanswered.GetValueOrDefault(Processed + 1);
            var wrong = Guarded(command, () => command is null ? Follow(Processed + 1) : TakeFact(command));
            if (wrong is not null) _world.Fail($"after a restart: {wrong}");
        }

        Stamp = Processed == 0 ? 1 : _history.At(Processed).Header.StampedAt;
        Model.Resume(Stamp);
    }

    /// <summary>The facts of these commands had been acknowledged to nobody, but are durable: no crash, only a close.</summary>
    public string? Follow(ulong sequence)
    {
        while (Processed < sequence)
        {
            var next = _history.At(Processed + 1);
            if (!IsNobodys(next)) return $"fact {Processed + 1} of kind {(PartKind)next.Header.PlainKind} is no answered command's";
            Apply(next);
            Provision(next);
        }

        return null;
    }

    public void Dispose()
    {
        if (!_isTaken) Replayed.Dispose();
        _questions.Dispose();
        NativeMemory.Free(_answer);
    }

    private string? Guarded(SimCommand? command, Func<string?> judge)
    {
        try
        {
            return judge() is { } wrong ? $"{wrong}\n  by {command?.Asked} {command?.ReadOf}: {command?.Kind} {command?.Result} at {command?.Sequence}, visible after {command?.VisibleAfter}, stamp {command?.Stamp}" : null;
        }
        catch (Exception broken) when (broken is InvariantBrokenException or Xunit.Sdk.XunitException or OverflowException or ArgumentException or KeyNotFoundException or InvalidOperationException)
        {
            return $"{command?.Asked}: {broken}";
        }
    }

    private string? Judge(SimCommand command)
    {
        var isCold = command.Kind == OutcomeKind.Duplicate || command.VisibleAfter == 0; // a key that memory has forgotten is answered at the edge, from what is durable
        if (command.VisibleAfter > _history.Durable) return $"answered although {command.VisibleAfter} is not durable, {_history.Durable} is";
        if (command.Kind == OutcomeKind.Fact && command.Sequence != command.VisibleAfter) return "a fact that is not visible after itself";
        if (!isCold && command.VisibleAfter < command.Floor) return $"sees less than {command.Floor}, which had been shown when it was sent";
        if (command.Result is LedgerResult.StorageFull or LedgerResult.ClockSuspect) return MayRefuse() ? Follow(command.VisibleAfter) : "refused although disk and clock are as they should be";
        if (command.Kind == OutcomeKind.Fact) return TakeFact(command);
        Shown = Math.Max(Shown, command.VisibleAfter);
        if (command.VisibleAfter > Processed && Follow(command.VisibleAfter) is { } wrong) return wrong;
        if (command.Result is LedgerResult.Outdated or LedgerResult.EndingNotSearched) return null; // the client makes it anew
        Stamp = Math.Max(Stamp, command.Stamp);
        if (command.ReadOf is not null) return JudgeRead(command);
        if (command.Sequence <= Processed) return JudgeAnswer(command);
        _early.Add(command); // found in the index of what is durable, before whoever asked first has his answer
        return null;
    }

    private string? TakeFact(SimCommand command)
    {
        if (command.Sequence <= Processed) return $"a fact at {command.Sequence}, and {Processed} was told before";
        if (Follow(command.Sequence - 1) is { } wrong) return wrong;
        var fact = _history.At(command.Sequence);
        if (command.IsAnswered && Unlike(command, fact) is { } other) return other;
        if (command.Asked.Key is { } key && KeyOf(fact) != CommandArena.HashOf(key)) return "the fact does not carry the command's key";
        Apply(fact);
        Shown = Math.Max(Shown, command.Sequence);
        var expected = Model.Execute(command.Asked, Stamp);
        Coverage.Count(command.Asked, expected);
        return Unlike(command, expected, fact.Fact);
    }

    private string? JudgeAnswer(SimCommand command)
    {
        var expected = Model.Execute(command.Asked, Stamp);
        Coverage.Count(command.Asked, expected);
        var outcome = new Ledger.Decisions.Outcome { Kind = command.Kind, Result = command.Result, RefusedIndex = command.RefusedIndex, OriginalSequence = command.Sequence };
        if (command.Asked is KeyStatus) return AnswerComparison.OfKey(expected, outcome);
        var result = ResultOf(command.Result);
        if (result != expected.Result && result != expected.AlsoAllowed) return $"answered {result}, the model {expected.Result} {expected.AlsoAllowed}";
        if (outcome.Kind == OutcomeKind.Duplicate != expected.Duplicate) return $"answered as {outcome.Kind}, the model's duplicate: {expected.Duplicate}";
        if (outcome.Kind == OutcomeKind.Duplicate) return _answers.OfOriginal(outcome, expected, command.OperationOf);
        var mayBeRefused = expected.Result != ModelResult.Accepted || expected.AlsoAllowed is not null;
        return !mayBeRefused || outcome.Kind != OutcomeKind.Refused ? $"{outcome.Kind} without a fact" : OfIndex(command, expected);
    }

    /// <summary>A fact is what the model expects of the command, and not a second answer to its key.</summary>
    private string? Unlike(SimCommand command, Model.Outcome expected, RecordedFact fact)
    {
        var told = new FactResult(fact.Bytes);
        if (command.Asked is KeyStatus) return told.IsClosing && expected.KeyState == KeyState.Closed && expected.Original is null ? null : $"closed a key that the model calls {expected.KeyState}";
        if (expected.Duplicate) return "done a second time";
        var result = ResultOf(told.Result);
        if (result != expected.Result && result != expected.AlsoAllowed) return $"decided as {result}, the model {expected.Result} {expected.AlsoAllowed} {expected.Violation}";
        return result == ModelResult.Accepted ? _answers.OfMovements(fact, expected.Movements) : OfIndex(command, expected, told.RefusedIndex);
    }

    private static string? OfIndex(SimCommand command, Model.Outcome expected, int? told = null)
    {
        if (command.Asked is not AtomicBatch) return null;
        var operation = AnswerComparison.Operation(told ?? command.RefusedIndex, command.OperationOf);
        return operation == expected.RefusedIndex ? null : $"refused operation {operation}, the model {expected.RefusedIndex}";
    }

    private static ModelResult ResultOf(LedgerResult result) => Enum.Parse<ModelResult>(result.ToString());

    /// <summary>What is due is expired in what a read sees, by facts in front of it.</summary>
    private string? JudgeRead(SimCommand command)
    {
        if (MayRefuse()) return null; // a full disk takes no expiries: reads go on as of the last fact
        Model.Sweep(Stamp);
        var expected = Model.Balances().Where(balance => balance.Wallet == command.ReadOf).ToList();
        if (command.Result != LedgerResult.Accepted) return Model.Wallets().Any(wallet => wallet.ExternalId == command.ReadOf) ? "a wallet that is there" : null;
        var answer = command.Call.Answered;
        var head = MemoryMarshal.Read<Ledger.Reads.WalletView>(answer);
        if (head.Balances != expected.Count) return $"{head.Balances} balances, the model {expected.Count}";
        if (command.Call.IsLong) return null;
        foreach (var view in MemoryMarshal.Cast<byte, BalanceView>(answer[sizeof(Ledger.Reads.WalletView)..])[..head.Balances])
        {
            var balance = expected.Find(other => other.Asset == AssetCode.Unpack(view.Asset));
            if (balance is null || view.Available != ModelTranslator.Units(balance.Available) || view.Reserved != ModelTranslator.Units(balance.Reserved))
                return $"read {view.Available} and {view.Reserved} reserved of {AssetCode.Unpack(view.Asset)}, the model {balance}";
        }

        return null;
    }

    private string? Unlike(SimCommand command, SurvivingFact fact)
    {
        if (command.Stamp != fact.Header.StampedAt) return $"answered with stamp {command.Stamp}, durable with {fact.Header.StampedAt}";
        var first = new FactResult(fact.Fact.Bytes);
        if (command.Result != first.Result) return $"answered {command.Result}, and the durable fact says {first.Result}";
        if (command.Call.IsLong) return null;
        var answered = command.Call.Answered;
        return fact.Fact.Bytes.AsSpan(0, Math.Min(answered.Length, fact.Fact.Bytes.Length)).SequenceEqual(answered) ? null : "answered with other bytes than are durable";
    }

    private void Apply(SurvivingFact fact)
    {
        Book.Add(fact.Fact);
        LedgerRig.Apply(Replayed, fact.Fact);
        if (KeyOf(fact) is not null) _keyed.Add(fact.Header.Sequence, fact.Fact);
        Stamp = Math.Max(Stamp, fact.Header.StampedAt);
        Processed = fact.Header.Sequence;
        HasTenant |= fact.Header.PlainKind == (ushort)PartKind.TenantCreated;
    }

    /// <summary>A currency stays, also when the command that brought it does not.</summary>
    private void Provision(SurvivingFact fact)
    {
        if (fact.Header.PlainKind != (ushort)PartKind.AssetCreated) return;
        fixed (byte* payload = fact.Fact.Bytes)
        {
            ref readonly var body = ref new FactParts(payload).First.Body<AssetCreatedBody>();
            Model.Execute(new CreateAsset(AssetCode.Unpack(body.Code), body.Scale), Stamp);
        }
    }

    private static bool IsNobodys(SurvivingFact fact) => KeyOf(fact) is null
        && (PartKind)fact.Header.PlainKind is PartKind.EpochStarted or PartKind.TenantCreated or PartKind.ReservationExpired or PartKind.ChangedReservationExpired or PartKind.LotExpired or PartKind.AssetCreated;

    private static (ulong Lo, ulong Hi)? KeyOf(SurvivingFact fact)
    {
        var header = MemoryMarshal.Read<FactHeader>(fact.Fact.Bytes);
        return (header.Flags & FactHeader.Keyed) != 0 ? (header.KeyLo, header.KeyHi) : null;
    }
}
