using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Model;
using PhoenixCore.Model.Policies;
using SelectionStrategy = PhoenixCore.Model.SelectionStrategy;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Before an operation both ledgers are asked what it would be answered: they say the same, and then the operation is answered so.</summary>
public sealed unsafe partial class ModelComparison
{
    /// <summary>Refusals that an evaluation does not know: of terms, of times, of lots named to be filled, of room.</summary>
    private static readonly HashSet<ModelResult> NotEvaluated =
    [
        ModelResult.PooledTerms, ModelResult.ExpiryInPast, ModelResult.ExpiryTooFar, ModelResult.InvalidPolicy, ModelResult.BalanceLimitExceeded, ModelResult.BalanceWouldOverflow,
    ];

    private static EvaluationQuestion? QuestionOf(ModelCommand command) => command switch
    {
        CreateCredit c => new(PolicyOperation.Credit, c.Wallet, null, c.Amount, c.Asset, Selection.Fifo, c.Input),
        CreateDebit c => new(PolicyOperation.Consume, c.Wallet, null, c.Amount, c.Asset, c.Selection, c.Input),
        CreateReservation c => new(PolicyOperation.Reserve, c.Wallet, null, c.Amount, c.Asset, c.Selection, c.Input),
        CreateTransfer { Legs: [var leg] } => new(PolicyOperation.TransferOut, leg.From, leg.To, leg.Amount, leg.Asset, leg.Selection, leg.Input),
        _ => null,
    };

    /// <summary>The operation's own answer is another one, and not for a reason that an evaluation does not look at.</summary>
    private static bool Belies(ModelCommand command, Evaluation evaluation, Model.Outcome outcome)
    {
        if (outcome.Duplicate || outcome.Result is ModelResult.IdempotencyConflict or ModelResult.IdempotencyKeyClosed or ModelResult.DeadlineExceeded) return false;
        if (outcome.Result == evaluation.Result || NotEvaluated.Contains(outcome.Result)) return false;
        if (!evaluation.IsAsked && evaluation.Result == ModelResult.AssetNotFound) return false; // a currency that a credit makes
        return command is not CreateCredit || outcome.Result is not (ModelResult.LotNotFound or ModelResult.LotNotAvailable);
    }

    private string? CompareEvaluation(EvaluationQuestion asked, Command* operation, Evaluation expected, long stamp)
    {
        var question = _arena.Commands(1);
        *question = *operation;
        question->Kind = CommandKind.EvaluatePolicy;
        question->Flags &= ~(CommandFlags.HasTerms | CommandFlags.HasKey);
        question->Subject = (ulong)Enum.Parse<Policies.PolicyOperation>(asked.Operation.ToString());
        if (asked.Other is not null) question->Flags |= CommandFlags.HasDestination;
        else question->Other = 0;
        question->Deadline = 0;
        var result = Rig.Read(question, stamp, out var answer);
        if (!expected.IsAsked) return Enum.Parse<ModelResult>(result.ToString()) == expected.Result ? null : $"refused with {result}, the model {expected.Result}";
        if (result != LedgerResult.Accepted) return $"refused with {result}, the model answers {expected.Result}";

        var view = MemoryMarshal.Read<EvaluationView>(answer);
        var said = Enum.Parse<ModelResult>(view.Result.ToString());
        if (said != expected.Result && said != expected.AlsoAllowed) return $"{said}, the model {expected.Result} {expected.AlsoAllowed}";
        var verdicts = MemoryMarshal.Cast<byte, VerdictView>(answer[sizeof(EvaluationView)..]);
        if (verdicts.Length != view.Verdicts || verdicts.Length < expected.Layers.Count) return $"{verdicts.Length} verdicts, said to be {view.Verdicts}, the model {expected.Layers.Count}";
        for (var i = 0; i < expected.Layers.Count; i++)
        {
            var (verdict, layer) = (verdicts[i], expected.Layers[i]);
            if (verdict.Layer != layer.Layer || verdict.IsOfOther != layer.OfOther || Unlike(verdict, layer.Denial)) return $"layer {i}: {TextOf(verdict)}, the model {layer}";
        }

        return CompareLotVerdicts(verdicts, expected);
    }

    /// <summary>Those of lots stand behind those of layers.</summary>
    private string? CompareLotVerdicts(ReadOnlySpan<VerdictView> verdicts, Evaluation expected)
    {
        if (expected.Lots.Count == 0) return null;
        var first = 0;
        while (first < verdicts.Length && verdicts[first].Lot == 0) first++;
        for (var i = 0; i < expected.Lots.Count; i++)
        {
            var lot = expected.Lots[i];
            if (first + i >= verdicts.Length) return $"no verdict about {lot}";
            var verdict = verdicts[first + i];
            var amount = lot.Denial is null ? ModelTranslator.Units(lot.Amount) : 0;
            if (verdict.Lot != _translator.LotOf(lot.Lot) || verdict.Amount != amount || Unlike(verdict, lot.Denial)) return $"lot {i}: {TextOf(verdict)}, the model {lot}";
        }

        return null;
    }

    private bool Unlike(in VerdictView verdict, Violation? denial)
    {
        if (denial is null) return !verdict.IsAllowed;
        return verdict.IsAllowed || verdict.Layer != denial.Layer || verdict.Policy != (denial.Policy is { } policy ? _book.PolicyOf(policy) : 0) || verdict.Version != denial.Version || RuleOf(verdict) != denial.Rule;
    }

    private static string RuleOf(VerdictView verdict) => Encoding.UTF8.GetString(verdict.Rule, verdict.RuleBytes);

    private static string TextOf(in VerdictView verdict) => $"layer {verdict.Layer} lot {verdict.Lot} amount {verdict.Amount} allowed {verdict.IsAllowed} by {verdict.Policy} v{verdict.Version} {RuleOf(verdict)}";
}
