namespace PhoenixCore.Model.Policies;

/// <summary>One version of a policy.</summary>
public sealed record PolicyVersion
{
    /// <summary>Allows everything.</summary>
    public static PolicyVersion Open { get; } = new();

    /// <summary>Empty: all.</summary>
    public IReadOnlyList<PolicyOperation> Operations { get; init; } = [];

    /// <summary>Empty or <c>*</c>: all.</summary>
    public IReadOnlyList<string> Intents { get; init; } = [];

    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = [];

    /// <summary>Null: none said.</summary>
    public SelectionStrategy? Strategy { get; init; }

    /// <summary>Null: 100.</summary>
    public int? Priority { get; init; }

    /// <summary>Of the lots that it governs.</summary>
    public ExpiryTerms Expiry { get; init; } = new();

    /// <summary>Percent of a reservation's first amount that a capture may exceed it by.</summary>
    public RuleAmount? OvercapturePercent { get; init; }

    /// <summary>An amount that a capture may exceed it by.</summary>
    public RuleAmount? OvercaptureAmount { get; init; }

    /// <summary>All fields as text.</summary>
    public string Describe() =>
        $"operations [{string.Join(", ", Operations)}] intents [{string.Join(", ", Intents)}] rules [{string.Join("; ", Rules.Select(rule => rule.Describe()))}] "
        + $"{Strategy} {Priority} {Expiry} over {OvercapturePercent} {OvercaptureAmount}";
}
