using Spectre.Console;

namespace PhoenixCore.Tools.Terminal;

/// <summary>A bar for work that lasts longer than a second, on a terminal only.</summary>
internal static class ProgressBar
{
    private const int PatienceMilliseconds = 1_000;
    private const int RefreshMilliseconds = 100;

    /// <param name="fraction">How much is done, 0–1; asked from another thread.</param>
    /// <param name="work">Runs on this thread, or on a pool thread when there is a terminal to draw on.</param>
    public static T Run<T>(ToolConsole console, string title, Func<double> fraction, Func<T> work)
    {
        if (!console.ErrorIsTerminal) return work();
        var running = Task.Run(work);
        if (Task.WhenAny(running, Task.Delay(PatienceMilliseconds)).GetAwaiter().GetResult() != running) Draw(console, title, fraction, running);
        return running.GetAwaiter().GetResult();
    }

    private static void Draw(ToolConsole console, string title, Func<double> fraction, Task running) =>
        console.Progress().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bar = context.AddTask(title, maxValue: 1);
                while (Task.WhenAny(running, Task.Delay(RefreshMilliseconds)).GetAwaiter().GetResult() != running) bar.Value = fraction();
                bar.Value = 1;
            });
}
