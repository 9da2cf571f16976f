namespace PhoenixCore.Model.Policies;

/// <summary>A lot's restrictions; two lists are the same when they read the same.</summary>
public sealed class RuleList(IReadOnlyList<Rule> rules) : IEquatable<RuleList>
{
    private readonly string _text = string.Join("; ", rules.Select(rule => rule.Describe()));

    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<Rule> Rules => rules;

    /// <inheritdoc/>
    public bool Equals(RuleList? other) => other?._text == _text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RuleList);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"[{_text}]";
}
