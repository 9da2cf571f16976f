namespace PhoenixCore.Model.Policies;

// The rule types of the law, one record each: they live together because each is a few lines and means nothing without the others.

/// <summary>A rule; without an id its place in the list, from 0, is its id.</summary>
public abstract record Rule
{
    /// <summary>Null: its place.</summary>
    public string? Id { get; init; }

    /// <summary>All must hold, else the rule is ignored.</summary>
    public IReadOnlyList<Condition> When { get; init; } = [];

    /// <summary>All fields as text.</summary>
    public string Describe() => $"{GetType().Name} {Id}({Body()}){(When.Count == 0 ? "" : " when " + string.Join(" and ", When.Select(condition => condition.Describe())))}";

    /// <summary>Its own fields as text.</summary>
    protected abstract string Body();

    /// <summary>Two lists as text.</summary>
    protected static string Lists<T>(IReadOnlyList<T> allowed, IReadOnlyList<T> denied) => $"allowed [{string.Join(", ", allowed)}] denied [{string.Join(", ", denied)}]";
}

/// <summary>The context's text.</summary>
public sealed record CategoryRule(IReadOnlyList<string> Allowed, IReadOnlyList<string> Denied, string Field = "category") : Rule
{
    /// <inheritdoc/>
    protected override string Body() => $"{Field} {Lists(Allowed, Denied)}";
}

/// <summary>The operation.</summary>
public sealed record OperationRule(IReadOnlyList<PolicyOperation> Allowed, IReadOnlyList<PolicyOperation> Denied) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => Lists(Allowed, Denied);
}

/// <summary>The intent.</summary>
public sealed record IntentRule(IReadOnlyList<string> Allowed, IReadOnlyList<string> Denied) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => Lists(Allowed, Denied);
}

/// <summary>The lot's attributes.</summary>
public sealed record AttributeRule(Condition Condition) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => Condition.Describe();
}

/// <summary>The context.</summary>
public sealed record ContextRule(Condition Condition) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => Condition.Describe();
}

/// <summary>The movement.</summary>
public sealed record AmountRule(RuleAmount? Min, RuleAmount? Max) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => $"{Min}..{Max}";
}

/// <summary>What is counted. Count: operations instead of amounts. Duration: nanoseconds, for <see cref="LimitWindow.Duration"/>. PerLot: scope <c>lot</c>.</summary>
public sealed record LimitRule(bool Count, LimitWindow Window, long Duration, bool PerLot, RuleAmount Max) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => $"{(Count ? "count" : "amount")} {Window} {Duration} {(PerLot ? "lot" : "wallet")} max {Max}";
}

/// <summary>The wallet's balance after the operation.</summary>
public sealed record BalanceRule(RuleAmount? Min, RuleAmount? Max) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => $"{Min}..{Max}";
}

/// <summary>When lots expire; never denies.</summary>
public sealed record ExpiryRule(ExpiryTerms Terms) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => Terms.ToString();
}

/// <summary>The other wallet, by external id.</summary>
public sealed record CounterpartyRule(IReadOnlyList<string> Allowed, IReadOnlyList<string> Denied) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => Lists(Allowed, Denied);
}

/// <summary>Days: bits, Monday = 1, none = all. From, to: minutes of the day. Zone: offsets (seconds) from a moment (unix seconds) on, in order; none = UTC.</summary>
public sealed record ScheduleRule(int Days, int From, int To, IReadOnlyList<(long At, int Offset)> Zone) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => $"days {Days} {From}..{To} zone [{string.Join(", ", Zone)}]";
}

/// <summary>Either an amount or a multiplier of the lot's initial amount. Release: the policy that the lot gets; null: <c>pol_default</c>.</summary>
public sealed record WageringRule(RuleAmount? Required, RuleAmount? Multiplier, IReadOnlyList<(string Game, RuleAmount Percent)> Contribution, int? Release) : Rule
{
    /// <inheritdoc/>
    protected override string Body() => $"{Required} ×{Multiplier} [{string.Join(", ", Contribution)}] then {Release}";
}
