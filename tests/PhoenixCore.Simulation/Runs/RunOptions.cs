using System.Globalization;

namespace PhoenixCore.Simulation.Runs;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions(IEnumerable<RunPlan> Plans, int Mutant, bool GoesOn, bool Keeps, bool Hunts, bool Twice, int Seconds, long Every)
{
    public static RunOptions Parse(string[] arguments)
    {
        var (plans, mutant, goesOn, keeps, hunts, twice, seconds, every) = (Seeds("1..100"), 0, false, false, false, false, 600, 0L);
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--seeds":
                    plans = Seeds(arguments[++i]);
                    break;
                case "--run":
                    plans = [RunPlan.Parse(arguments[++i])];
                    break;
                case "--twice":
                    twice = true;
                    break;
                case "--seconds":
                    seconds = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
                    break;
                case "--every":
                    every = long.Parse(arguments[++i], CultureInfo.InvariantCulture);
                    break;
                case "--mutants":
                    hunts = true;
                    break;
                case "--mutant":
                    mutant = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
                    break;
                case "--tell":
                    World.SimWorld.Listener = Console.WriteLine;
                    break;
                case "--go-on":
                    goesOn = true;
                    break;
                case "--keep":
                    keeps = true;
                    break;
                default:
                    throw new ArgumentException($"unknown: {arguments[i]}; known are --seeds A..B, --run LINE, --mutant N, --mutants, --seconds S, --every N, --twice, --tell, --go-on, --keep");
            }
        }

        return new RunOptions(plans, mutant, goesOn, keeps, hunts, twice, seconds, every);
    }

    private static IEnumerable<RunPlan> Seeds(string range)
    {
        var ends = range.Split("..");
        var (first, last) = (ulong.Parse(ends[0], CultureInfo.InvariantCulture), ulong.Parse(ends[^1], CultureInfo.InvariantCulture));
        for (var seed = first; seed <= last; seed++) yield return new RunPlan(seed);
    }
}
