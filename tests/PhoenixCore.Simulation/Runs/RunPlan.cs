using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Runs;

/// <summary>One run: a seed, and what is left out of it.</summary>
internal sealed record RunPlan(ulong Seed)
{
    public IReadOnlySet<FaultKind> Without { get; init; } = new HashSet<FaultKind>();

    public int OperationsMax { get; init; } = int.MaxValue;

    /// <summary>Commands, counted from 0, that are made up and not sent.</summary>
    public IReadOnlySet<int> Skip { get; init; } = new HashSet<int>();

    /// <summary>A line for the file of kept runs.</summary>
    public override string ToString() =>
        $"seed={Seed} operations={(OperationsMax == int.MaxValue ? "all" : OperationsMax)} without={string.Join(',', Without.Order())} skip={string.Join(',', Skip.Order())}";

    public static RunPlan Parse(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(part => part.Contains('=', StringComparison.Ordinal)).Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new RunPlan(ulong.Parse(parts["seed"], System.Globalization.CultureInfo.InvariantCulture))
        {
            OperationsMax = parts["operations"] == "all" ? int.MaxValue : int.Parse(parts["operations"], System.Globalization.CultureInfo.InvariantCulture),
            Without = List(parts["without"]).Select(Enum.Parse<FaultKind>).ToHashSet(),
            Skip = List(parts["skip"]).Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToHashSet(),
        };
    }
}
