namespace PhoenixCore.Client.Api;

/// <summary>What an operation would meet.</summary>
/// <param name="Code">Of the refusal; empty when it is allowed.</param>
/// <param name="Verdicts">Of each layer, then of each lot in the order of consumption.</param>
public sealed record PolicyEvaluation(bool IsAllowed, string Code, IReadOnlyList<PolicyVerdict> Verdicts)
{
    internal static PolicyEvaluation From(Contracts.V1.Evaluation from) => new(from.Allowed, from.Reason, [.. from.Verdicts.Select(PolicyVerdict.From)]);
}
