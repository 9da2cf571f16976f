using System.Diagnostics;
using PhoenixCore.Simulation.Mutants;
using PhoenixCore.Simulation.Runs;

namespace PhoenixCore.Simulation;

/// <summary>Repeats runs by hand. <c>--seeds 1..2000</c> runs them; <c>--run "seed=…"</c> a kept one; <c>--mutant 7</c> wakes a planted bug; <c>--tell</c> says what happens;
/// <c>--keep</c> shrinks a failing run and keeps it; <c>--twice</c> runs each twice and compares the traces; <c>--go-on</c> does not stop at it; <c>--mutants</c> hunts all planted bugs and prints the table.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        Memory.KeepsWarm();
        var options = RunOptions.Parse(arguments);
        return options.Hunts ? Hunt(options) : Run(options);
    }

    private static int Run(RunOptions options)
    {
        MutantSwitch.Wake(options.Mutant);
        var watch = Stopwatch.StartNew();
        var sum = new RunSum();
        foreach (var plan in options.Plans)
        {
            var report = SimRun.Of(plan);
            sum.Add(report);
            if (options.Twice && SimRun.Of(plan).TraceHash != report.TraceHash) Console.WriteLine($"{plan}\n  two runs, two traces");
            if (report.Failure is null) continue;
            Console.WriteLine($"{plan}\n  {report.Failure}");
            if (options.Keeps) Console.WriteLine($"kept: {KeptRuns.Keep(RunShrinker.Shrink(report))}");
            if (!options.GoesOn) break;
        }

        Console.WriteLine(sum.Describe(watch.Elapsed));
        return sum.Failed == 0 ? 0 : 1;
    }

    private static int Hunt(RunOptions options)
    {
        var missed = 0;
        foreach (var (number, name) in MutantSwitch.All)
        {
            if (options.Mutant != 0 && number != options.Mutant) continue;
            var hunt = MutantHunt.Of(number, options.Plans);
            Console.WriteLine($"| {number} | {name} | {(hunt.Seed is null ? "**no**" : "yes")} | {hunt.Runs} | {hunt.Seconds:F1} | {hunt.Found} |");
            if (hunt.Seed is null) missed++;
        }

        return missed;
    }
}
