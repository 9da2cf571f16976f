using System.Text;

namespace PhoenixCore.Model.Scripts;

/// <summary>How often each kind of command had each result; duplicates are counted apart.</summary>
public sealed class CoverageReport
{
    private readonly SortedDictionary<string, SortedDictionary<ModelResult, int>> _results = new(StringComparer.Ordinal);

    /// <summary>Commands that were counted.</summary>
    public int Total { get; private set; }

    /// <summary>Of these, the accepted ones; duplicates of accepted ones not.</summary>
    public int Accepted { get; private set; }

    /// <summary>Answers that were remembered ones.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Expiries made, of reservations and of lots.</summary>
    public int Expiries { get; private set; }

    /// <summary>Results that never occurred.</summary>
    public IReadOnlyList<ModelResult> Missing =>
        [.. Enum.GetValues<ModelResult>().Where(result => !_results.Values.Any(row => row.ContainsKey(result)))];

    /// <summary>Kinds (type names) of commands that were accepted at least once.</summary>
    public IReadOnlyList<string> AcceptedKinds => [.. _results.Where(row => row.Value.ContainsKey(ModelResult.Accepted)).Select(row => row.Key)];

    /// <summary>Counts one command.</summary>
    public void Count(ModelCommand command, Outcome outcome)
    {
        Total++;
        Expiries += outcome.Expiries.Count;
        if (outcome.Duplicate)
        {
            Duplicates++;
            return;
        }

        Accepted += outcome.Result == ModelResult.Accepted ? 1 : 0;
        var kind = command.GetType().Name;
        if (!_results.TryGetValue(kind, out var row)) _results[kind] = row = [];
        row[outcome.Result] = row.GetValueOrDefault(outcome.Result) + 1;
    }

    /// <summary>Counts what another report has counted.</summary>
    public void Add(CoverageReport other)
    {
        Total += other.Total;
        Accepted += other.Accepted;
        Duplicates += other.Duplicates;
        Expiries += other.Expiries;
        foreach (var (kind, row) in other._results)
        {
            if (!_results.TryGetValue(kind, out var mine)) _results[kind] = mine = [];
            foreach (var (result, count) in row) mine[result] = mine.GetValueOrDefault(result) + count;
        }
    }

    /// <summary>A table of text, one line per kind.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Total} commands, {Accepted} accepted, {Duplicates} duplicates, {Expiries} expiries; missing: {string.Join(", ", Missing)}");
        foreach (var (kind, row) in _results)
        {
            text.AppendLine($"{kind}: {string.Join(", ", row.Select(cell => $"{cell.Key} {cell.Value}"))}");
        }

        return text.ToString();
    }
}
