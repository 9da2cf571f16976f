namespace PhoenixCore.Model.Policies;

/// <summary>What rules can read of a lot's attributes, which scripts name by one tag.</summary>
public static class LotAttributes
{
    /// <summary>The names and values that a tag stands for.</summary>
    public static IReadOnlyList<(string Name, Value Value)> Of(string? tag) => tag switch
    {
        null => [],
        "promo" => [("tag", new TextValue("promo")), ("withdrawable", new FlagValue(false)), ("level", new NumberValue(1))],
        "gift" => [("tag", new TextValue("gift")), ("withdrawable", new FlagValue(true)), ("level", new NumberValue(25, 1))],
        _ => [("tag", new TextValue(tag))],
    };
}
