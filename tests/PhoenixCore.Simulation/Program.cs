using System.Diagnostics;
using PhoenixCore.Simulation.Mutants;
using PhoenixCore.Simulation.Runs;

namespace PhoenixCore.Simulation;

/// <summary>Repeats runs by hand. <c>--seeds 1..2000</c> runs them; <c>--run "seed=…"</c> a kept one; <c>--mutant 7</c> wakes a planted bug; <c>--tell</c> says what happens;
/// <c>--keep</c> shrinks a failing run and keeps it; <c>--twice</c> runs each twice and compares the traces; <c>--go-on</c> does not stop at it; <c>--every 1000</c> says
/// how far it is; <c>--mutants</c> hunts all planted bugs and prints the table, <c>--seconds 600</c> for each at most.</summary>
internal static class Program
{
    private const int GraceSeconds = 180;

    public static int Main(string[] arguments)
    {
        Memory.KeepsWarm();
        var options = RunOptions.Parse(arguments);
        return !options.Hunts ? Run(options) : options.Mutant == 0 ? HuntAll(options, arguments) : Hunt(options);
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
            if (options.Every != 0 && sum.Counts.Runs % options.Every == 0) Console.WriteLine(sum.Describe(watch.Elapsed));
            if (options.Twice && SimRun.Of(plan).TraceHash != report.TraceHash) Console.WriteLine($"{plan}\n  two runs, two traces");
            if (report.Failure is null) continue;
            Console.WriteLine($"{plan}\n  {report.Failure}");
            if (options.Keeps) Console.WriteLine($"kept: {KeptRuns.Keep(RunShrinker.Shrink(report))}");
            if (!options.GoesOn) break;
        }

        Console.WriteLine(sum.Describe(watch.Elapsed));
        return sum.Failed == 0 ? 0 : 1;
    }

    /// <summary>One process for each planted bug, one after the other: a bug may hang or break more than its run.</summary>
    private static int HuntAll(RunOptions options, string[] arguments)
    {
        var missed = 0;
        foreach (var (number, name) in MutantSwitch.All)
        {
            using var hunt = Process.Start(Path.Combine(AppContext.BaseDirectory, typeof(Program).Assembly.GetName().Name!), [.. arguments, "--mutant", $"{number}"]);
            if (hunt.WaitForExit(TimeSpan.FromSeconds(options.Seconds + GraceSeconds)))
            {
                missed += hunt.ExitCode;
                continue;
            }

            hunt.Kill();
            Console.WriteLine($"| {number} | {name} | **no end** | | {options.Seconds + GraceSeconds} | |");
            missed++;
        }

        return missed;
    }

    private static int Hunt(RunOptions options)
    {
        var name = MutantSwitch.All.First(mutant => mutant.Number == options.Mutant).Name;
        var hunt = MutantHunt.Of(options.Mutant, options.Plans, options.Seconds);
        Console.WriteLine($"| {options.Mutant} | {name} | {(hunt.Seed is null ? "**no**" : $"yes, seed {hunt.Seed}")} | {hunt.Runs} | {hunt.Seconds:F1} | {Environment.CpuUsage.TotalTime.TotalSeconds:F1} | {hunt.Found} |");
        return hunt.Seed is null ? 1 : 0;
    }
}
