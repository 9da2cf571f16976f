using System.Collections.Concurrent;

namespace PhoenixCore.Faults.Tests.Hostile;

/// <summary>How hostile requests were answered, and which answers must not be. Any thread.</summary>
internal sealed class FuzzTally
{
    private readonly ConcurrentDictionary<string, int> _answers = [];

    public ConcurrentQueue<string> Wrong { get; } = [];

    public int Count(Func<string, bool> which) => _answers.Where(pair => which(pair.Key)).Sum(pair => pair.Value);

    public void Add(string answer) => _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);

    public override string ToString() => string.Join(", ", _answers.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}"));
}
