using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>Whether a condition holds of a value, or of none.</summary>
internal static class ConditionRules
{
    public static bool Holds(Condition condition, Value? found)
    {
        var wanted = condition.Values.Select(value => Words.Meant(condition.Field, value)).ToList();
        return condition.Comparison switch
        {
            Comparison.Exists => (found is not null) == ((FlagValue)wanted[0]).Yes,
            Comparison.Equal => Same(found, wanted[0]),
            Comparison.NotEqual => !Same(found, wanted[0]),
            Comparison.In => wanted.Exists(value => Same(found, value)),
            Comparison.NotIn => !wanted.Exists(value => Same(found, value)),
            Comparison.Contains => found is TextValue text && wanted[0] is TextValue part && text.Text.Contains(part.Text, StringComparison.Ordinal),
            Comparison.Greater => Order(found, wanted[0]) > 0,
            Comparison.GreaterOrEqual => Order(found, wanted[0]) >= 0,
            Comparison.Less => Order(found, wanted[0]) < 0,
            Comparison.LessOrEqual => Order(found, wanted[0]) <= 0,
        };
    }

    private static bool Same(Value? found, Value wanted) => found switch
    {
        null => false,
        NumberValue or TextValue => Order(found, wanted) == 0,
        _ => found == wanted,
    };

    /// <summary>Null: they cannot be compared.</summary>
    private static int? Order(Value? found, Value wanted) => (found, wanted) switch
    {
        (NumberValue a, NumberValue b) => (a.Digits * BigInteger.Pow(10, b.Decimals)).CompareTo(b.Digits * BigInteger.Pow(10, a.Decimals)),
        (TextValue a, TextValue b) => string.CompareOrdinal(a.Text, b.Text),
        _ => null,
    };
}
