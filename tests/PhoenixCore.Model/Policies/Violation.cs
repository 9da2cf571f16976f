namespace PhoenixCore.Model.Policies;

/// <summary>The denial that is reported. Layer: 1 asset, 2 wallet, 3 lot, 4 restrictions. Policy null and version 0: a restriction. Lot null: the whole operation.</summary>
/// <param name="RuleType">Name of the rule's type, or <c>operations</c>, <c>intents</c>, <c>status</c>; for counting what scripts reach.</param>
public sealed record Violation(int Layer, int? Policy, int Version, string Rule, int? Lot, string RuleType);
