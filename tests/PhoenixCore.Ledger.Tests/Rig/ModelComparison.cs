using System.Numerics;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Model;
using PhoenixCore.Model.Scripts;
using Outcome = PhoenixCore.Ledger.Decisions.Outcome;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Runs a script on the real ledger and on the naive one and says where they differ.</summary>
public sealed unsafe partial class ModelComparison : IDisposable
{
    private readonly ModelLedger _model = new(withHouse: true, provisionsIso: true);
    private readonly CommandArena _arena = new();
    private readonly FactBook _book = new();
    private readonly ModelTranslator _translator;
    private readonly Dictionary<ulong, RecordedFact> _keyed = [];
    private readonly AnswerComparison _answers;
    private readonly StateComparison _state;
    private RecordedFact? _last;

    /// <param name="keeps">The rig keeps the facts for a replay.</param>
    public ModelComparison(int hotKeys = 1 << 16, bool keeps = false)
    {
        _translator = new ModelTranslator(_book, _model, _arena, LastChangeOf);
        Rig = new LedgerRig(tenant: false, hotKeys);
        Rig.Keeps = keeps;
        Rig.Appended = Heard;
        Rig.MakeTenant(LedgerRig.Tenant);
        _answers = new AnswerComparison(_book, _translator, sequence => _keyed.GetValueOrDefault(sequence));
        _state = new StateComparison(Rig, _model, _book, _translator, _arena);
    }

    public LedgerRig Rig { get; }

    public FactBook Book => _book;

    /// <summary>Balances, lots and reservations are compared after every so many steps, and the books are audited.</summary>
    public int StateEvery { get; init; } = 1;

    /// <summary>Counts what the model said.</summary>
    public PolicyCoverage? Coverage { get; init; }

    /// <summary>The first step at which the two differ, and how; null when they never do.</summary>
    public (int Step, string Difference)? Run(IEnumerable<ScriptStep> script)
    {
        var index = 0;
        foreach (var step in script)
        {
            if (Difference(step, index) is { } difference) return (index, difference);
            index++;
        }

        Coverage?.Count(_model.RuleTally);
        return null;
    }

    public void Dispose()
    {
        Rig.Dispose();
        _arena.Dispose();
    }

    private string? Difference(ScriptStep step, int index)
    {
        try
        {
            var difference = step.Command is Sweep ? Sweep(step.Stamp) : Compare(step.Command, step.Stamp);
            difference ??= Rig.Ledger.FindFault();
            if (difference is null && index % StateEvery == StateEvery - 1) difference = _state.Find(step.Stamp);
            return difference;
        }
        catch (Exception broken) when (broken is InvariantBrokenException or Xunit.Sdk.XunitException or OverflowException or ArgumentException or KeyNotFoundException)
        {
            return broken.Message + broken.StackTrace;
        }
        finally
        {
            _arena.Clear();
        }
    }

    private void Heard(RecordedFact fact)
    {
        _book.Add(fact);
        _last = fact;
        fixed (byte* payload = fact.Bytes)
        {
            if ((((FactHeader*)payload)->Flags & FactHeader.Keyed) != 0) _keyed.Add(fact.Context.Sequence, fact);
        }
    }

    private ulong LastChangeOf(ulong lot)
    {
        var question = _arena.Commands(1);
        question->Kind = CommandKind.ReadLotChange;
        question->Tenant = LedgerRig.Tenant;
        question->Subject = lot;
        Assert.Equal(LedgerResult.Accepted, Rig.Read(question, Rig.Ledger.Stamp, out var answer));
        return MemoryMarshal.Read<LotChangeView>(answer).Sequence;
    }

    private string? Sweep(long stamp)
    {
        _model.Execute(new Sweep(), stamp);
        Rig.Sweep(stamp);
        return null;
    }

    private string? Compare(ModelCommand command, long stamp)
    {
        var real = _translator.Translate(command); // before the model runs: an ordinal means what was made before
        var question = QuestionOf(command);
        var evaluation = question is null ? null : _model.Evaluate(question, stamp);
        if (evaluation is not null && CompareEvaluation(question!, real, evaluation, stamp) is { } wrong) return $"evaluation: {wrong}";
        var expected = _model.Execute(command, stamp);
        var outcome = Rig.Execute(real, stamp);
        Coverage?.Count(command, expected);
        if (evaluation is not null) Coverage?.Count(evaluation);
        if (evaluation is not null && Belies(command, evaluation, expected)) return $"evaluated as {evaluation.Result} {evaluation.AlsoAllowed}, the operation was answered {expected.Result}";
        if (command is KeyStatus) return AnswerComparison.OfKey(expected, outcome);

        var result = Enum.Parse<ModelResult>(outcome.Result.ToString());
        if (result != expected.Result && result != expected.AlsoAllowed) return $"answered {outcome.Result}{(result == ModelResult.PolicyViolation && outcome.Kind != OutcomeKind.Duplicate ? $" by {Rig.Denial()}" : "")}, the model {expected.Result} {expected.AlsoAllowed} {expected.Violation}";
        if (outcome.Kind == OutcomeKind.Duplicate != expected.Duplicate) return $"answered as {outcome.Kind}, the model's duplicate: {expected.Duplicate}";
        if (outcome.Kind == OutcomeKind.Duplicate && _answers.OfOriginal(outcome, expected, _translator.OperationOf) is { } unlike) return unlike;
        if (command is AtomicBatch && !expected.Duplicate && AnswerComparison.Operation(outcome.RefusedIndex, _translator.OperationOf) != expected.RefusedIndex) return $"refused operation {AnswerComparison.Operation(outcome.RefusedIndex, _translator.OperationOf)}, the model {expected.RefusedIndex}";
        if (result == ModelResult.PolicyViolation && outcome.Kind != OutcomeKind.Duplicate && CompareDenial(expected.Violation!) is { } other) return other;
        return outcome.Kind == OutcomeKind.Fact && result == ModelResult.Accepted ? _answers.OfMovements(_last!, expected.Movements) : null;
    }

    private string? CompareDenial(Model.Policies.Violation expected)
    {
        var denial = Rig.Denial();
        var policy = expected.Policy is { } given ? _book.PolicyOf(given) : 0;
        var lot = expected.Lot is not { } ordinal ? 0 : _model.NameOf(ordinal) is null ? denial.Lot : _translator.LotOf(ordinal); // one of the refused batch itself has no name
        return denial == (expected.Layer, policy, expected.Version, expected.Rule, lot) ? null : $"denied by {denial}, the model by {expected} (policy {policy}, lot {lot})";
    }
}
