namespace PhoenixCore.Ledger.Policies;

// The rules of POLICIES.md, one record per type: they live together because each is a few lines and means nothing without the others.

/// <summary>A rule; without an id its place in the list is its id.</summary>
public abstract record RuleDraft
{
    /// <summary>1–64 bytes; null = the place in the list, from 0.</summary>
    public string? Id { get; init; }

    /// <summary>All must hold, else the rule is ignored.</summary>
    public IReadOnlyList<ConditionDraft> When { get; init; } = [];
}

public sealed record CategoryRule : RuleDraft
{
    public string Field { get; init; } = "category";
    public IReadOnlyList<string> Allowed { get; init; } = [];
    public IReadOnlyList<string> Denied { get; init; } = [];
}

public sealed record OperationRule : RuleDraft
{
    public IReadOnlyList<PolicyOperation> Allowed { get; init; } = [];
    public IReadOnlyList<PolicyOperation> Denied { get; init; } = [];
}

public sealed record IntentRule : RuleDraft
{
    public IReadOnlyList<string> Allowed { get; init; } = [];
    public IReadOnlyList<string> Denied { get; init; } = [];
}

/// <summary>On the lot's attributes.</summary>
public sealed record AttributeRule(ConditionDraft Condition) : RuleDraft;

public sealed record ContextRule(ConditionDraft Condition) : RuleDraft;

public sealed record AmountRule : RuleDraft
{
    public PolicyAmount? Min { get; init; }
    public PolicyAmount? Max { get; init; }
}

public sealed record LimitRule : RuleDraft
{
    /// <summary>Operations are counted, not amounts; <see cref="Max"/> is then a number of them.</summary>
    public bool CountsOperations { get; init; }
    public LimitWindow Window { get; init; }

    /// <summary>Nanoseconds, for <see cref="LimitWindow.Duration"/>.</summary>
    public long Duration { get; init; }

    /// <summary>Each lot counts for itself. Means nothing on layers 1–2.</summary>
    public bool PerLot { get; init; }
    public PolicyAmount Max { get; init; }
}

public sealed record BalanceRule : RuleDraft
{
    public PolicyAmount? Min { get; init; }
    public PolicyAmount? Max { get; init; }
}

public sealed record ExpiryRule(ExpiryTerms Terms) : RuleDraft;

/// <summary>Wallets by <see cref="PolicyValueKind.Wallet"/> or <see cref="PolicyValueKind.Alias"/>.</summary>
public sealed record CounterpartyRule : RuleDraft
{
    public IReadOnlyList<PolicyValue> Allowed { get; init; } = [];
    public IReadOnlyList<PolicyValue> Denied { get; init; } = [];
}

public sealed record ScheduleRule : RuleDraft
{
    /// <summary>Bits, Monday = 1; 0 = every day.</summary>
    public int Days { get; init; }

    /// <summary>Minute of the day, 0–1439.</summary>
    public int From { get; init; }

    /// <summary>Minute of the day, exclusive, 0–1440; not above <see cref="From"/>: on the next day.</summary>
    public int To { get; init; } = 1_440;

    /// <summary>In order of time; empty = UTC.</summary>
    public IReadOnlyList<ZoneTransition> Zone { get; init; } = [];
}

public sealed record WageringRule : RuleDraft
{
    /// <summary>Either this or <see cref="Multiplier"/>.</summary>
    public PolicyAmount? Required { get; init; }

    /// <summary>Of the lot's initial amount; at most 4 decimals.</summary>
    public PolicyAmount? Multiplier { get; init; }

    /// <summary>Percent by game: 0–100, at most 4 decimals; games that are not named have 100.</summary>
    public IReadOnlyList<(string Game, PolicyAmount Percent)> Contribution { get; init; } = [];

    /// <summary>Number of the policy that the lot gets when nothing remains; 0 = <c>pol_default</c>.</summary>
    public ulong ReleasePolicy { get; init; }
}
