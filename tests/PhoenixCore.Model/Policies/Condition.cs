namespace PhoenixCore.Model.Policies;

/// <summary>A comparison of one field. Several values: for <see cref="Comparison.In"/> and <see cref="Comparison.NotIn"/>.</summary>
public sealed record Condition(string Field, Comparison Comparison, params IReadOnlyList<Value> Values)
{
    /// <summary>All fields as text.</summary>
    public string Describe() => $"{Field} {Comparison} [{string.Join(", ", Values)}]";
}
