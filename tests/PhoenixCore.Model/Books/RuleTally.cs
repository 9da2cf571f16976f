using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Books;

/// <summary>How often each type of rule was asked and what it said; of an expiry rule: whether it held.</summary>
internal sealed class RuleTally
{
    private readonly SortedDictionary<string, (int Allowed, int Denied)> _types = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, (int Allowed, int Denied)> Types => _types;

    public void Count(Rule rule, bool denied)
    {
        var (allowed, denials) = _types.GetValueOrDefault(rule.GetType().Name);
        _types[rule.GetType().Name] = denied ? (allowed, denials + 1) : (allowed + 1, denials);
    }
}
