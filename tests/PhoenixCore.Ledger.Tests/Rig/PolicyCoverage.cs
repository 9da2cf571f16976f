using System.Text;
using PhoenixCore.Model;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>What scripts reached of the law of policies, over all scripts of a run.</summary>
public sealed class PolicyCoverage
{
    private readonly SortedDictionary<string, (long Allowed, long Denied)> _rules = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _reported = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _reached = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _results = new(StringComparer.Ordinal);

    /// <summary>Operations, those of accepted batches too.</summary>
    public long Operations { get; private set; }

    /// <summary>Credits, debits, transfers, reservations and captures that some policy was asked about.</summary>
    public long Governed { get; private set; }

    public long GovernedAccepted { get; private set; }

    /// <summary>By type of rule: lots and layers counted one by one.</summary>
    public IReadOnlyDictionary<string, (long Allowed, long Denied)> Rules => _rules;

    /// <summary>By layer and type of rule: violations that callers were told.</summary>
    public IReadOnlyDictionary<string, long> Reported => _reported;

    public IReadOnlyDictionary<string, long> Results => _results;

    /// <summary>Rarer things that scripts must come to, each accepted.</summary>
    public IEnumerable<(string What, long Count)> Reached => _reached.Select(pair => (pair.Key, pair.Value));

    public void Count(ModelCommand command, Model.Outcome outcome)
    {
        if (outcome.Duplicate) return;
        Operations++;
        Add(_results, outcome.Result.ToString());
        if (outcome.Violation is { } violation) Add(_reported, $"{violation.Layer} {violation.RuleType}");
        foreach (var operation in outcome.Operations.Append(outcome).Where(one => one.UnderPolicy))
        {
            Governed++;
            if (operation.Result == ModelResult.Accepted) GovernedAccepted++;
        }

        if (outcome.Result != ModelResult.Accepted) return;
        foreach (var part in (command as AtomicBatch)?.Operations ?? [command]) Reach(part);
        if (command is CommitReservation && outcome.Movements.Any(movement => movement.FromColumn == Column.Available)) Add(_reached, "capture above what was held");
    }

    private void Reach(ModelCommand command)
    {
        if (command is CreateCredit { Lot: not null }) Add(_reached, "credit into a lot");
        if (command is CreateCredit credit && credit.Input != Model.Policies.PolicyInput.None) Add(_reached, "credit with an intent or a context");
        if (command is CommitReservation { DestinationPolicy: not null } or CreateTransfer { Legs: [{ DestinationPolicy: not null }, ..] }) Add(_reached, "arrival under a policy");
        if (command is CommitReservation { Destination.Restrictions: not null } or CreateTransfer { Legs: [{ Destination.Restrictions: not null }, ..] }) Add(_reached, "arrival under restrictions");
        if (command is IncrementReservation increment && increment.Input != Model.Policies.PolicyInput.None) Add(_reached, "increment with an intent or a context");
    }

    public void Count(Evaluation evaluation) => Add(_reached, evaluation.Result == ModelResult.PolicyViolation ? "evaluation that denies" : evaluation.Result == ModelResult.Accepted ? "evaluation that allows" : "evaluation that refuses");

    public void Count(IReadOnlyDictionary<string, (int Allowed, int Denied)> tally)
    {
        foreach (var (type, count) in tally)
        {
            var (allowed, denied) = _rules.GetValueOrDefault(type);
            _rules[type] = (allowed + count.Allowed, denied + count.Denied);
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Operations} operations; {Governed} under a policy, {GovernedAccepted} of these accepted ({100.0 * GovernedAccepted / Math.Max(1, Governed):0} %)");
        text.AppendLine($"rules (allowed/denied): {string.Join(", ", _rules.Select(rule => $"{rule.Key} {rule.Value.Allowed}/{rule.Value.Denied}"))}");
        text.AppendLine($"reported (layer, rule): {string.Join(", ", _reported.Select(pair => $"{pair.Key} {pair.Value}"))}");
        text.AppendLine($"reached: {string.Join(", ", _reached.Select(pair => $"{pair.Key} {pair.Value}"))}");
        text.Append($"results: {string.Join(", ", _results.Select(pair => $"{pair.Key} {pair.Value}"))}");
        return text.ToString();
    }

    private static void Add(SortedDictionary<string, long> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}
