namespace PhoenixCore.Ledger.Policies;

/// <summary>One version of a policy as its author means it; <see cref="PolicyCompiler"/> makes a program of it.</summary>
public sealed record PolicyDraft
{
    /// <summary>Empty = all.</summary>
    public IReadOnlyList<PolicyOperation> Operations { get; init; } = [];

    /// <summary>Empty or <c>*</c> = all.</summary>
    public IReadOnlyList<string> Intents { get; init; } = [];

    public IReadOnlyList<RuleDraft> Rules { get; init; } = [];

    /// <summary>Order within its group of lots; null = fifo. Not <see cref="SelectionStrategy.Specific"/>.</summary>
    public SelectionStrategy? Strategy { get; init; }

    /// <summary>0–1000; lower is spent earlier; null = 100.</summary>
    public int? Priority { get; init; }

    public ExpiryTerms Expiry { get; init; }

    /// <summary>Percent of a reservation's first amount that a capture may exceed it by: 0–100, at most 4 decimals; null = none.</summary>
    public PolicyAmount? OvercapturePercent { get; init; }

    public PolicyAmount? OvercaptureAmount { get; init; }
}
