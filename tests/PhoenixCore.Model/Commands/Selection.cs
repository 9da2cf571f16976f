namespace PhoenixCore.Model;

/// <summary>Which lots give, and in what order. <c>Lots</c> (1–1,024 ordinals) is used by <see cref="SelectionStrategy.Specific"/> alone.</summary>
public sealed record Selection(SelectionStrategy Strategy, IReadOnlyList<int> Lots)
{
    /// <summary>The default: oldest lot first, unless policies say otherwise.</summary>
    public static Selection Fifo { get; } = new(SelectionStrategy.Fifo, []);

    /// <summary>Oldest lot first, whatever policies say.</summary>
    public static Selection ExplicitFifo { get; } = new(SelectionStrategy.ExplicitFifo, []);

    /// <summary>Newest lot first.</summary>
    public static Selection Lifo { get; } = new(SelectionStrategy.Lifo, []);

    /// <summary>Soonest to expire first.</summary>
    public static Selection ExpiringFirst { get; } = new(SelectionStrategy.ExpiringFirst, []);

    /// <summary>Exactly these lots, in this order.</summary>
    public static Selection Specific(params int[] lots) => new(SelectionStrategy.Specific, lots);

    /// <summary>All fields as text.</summary>
    public string Describe() => Strategy == SelectionStrategy.Specific ? $"lots[{string.Join(",", Lots)}]" : Strategy.ToString();
}
