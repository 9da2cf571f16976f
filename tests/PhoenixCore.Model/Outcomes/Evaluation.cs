using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>The answer to an <see cref="EvaluationQuestion"/>. IsAsked: the checks of the question itself passed, so there are verdicts.</summary>
/// <param name="AlsoAllowed">A second refusal that the law allows here, as in <see cref="Outcome.AlsoAllowed"/>.</param>
public sealed record Evaluation(bool IsAsked, ModelResult Result, ModelResult? AlsoAllowed)
{
    /// <summary>Layers 1 and 2 of each question in turn, up to the first denial.</summary>
    public IReadOnlyList<LayerVerdict> Layers { get; init; } = [];

    /// <summary>In order of consumption, up to the lot that completes the amount; empty where a layer denied.</summary>
    public IReadOnlyList<LotVerdict> Lots { get; init; } = [];
}

/// <summary>What layer 1 or 2 says. OfOther: about the other wallet. Denial null: allowed.</summary>
public sealed record LayerVerdict(int Layer, bool OfOther, Violation? Denial);

/// <summary>What layers 3 and 4 of a lot say about this amount. Denial null: allowed.</summary>
public sealed record LotVerdict(int Lot, BigInteger Amount, Violation? Denial);
