using System.Globalization;

namespace PhoenixCore.Faults.Tests;

/// <summary>One storage call of a process, as the shim wrote it down.</summary>
/// <param name="First">First sequence of the journal group that was written; 0 when it was no group.</param>
/// <param name="Ended">CLOCK_MONOTONIC nanoseconds.</param>
internal sealed record StorageCall(string Name, long Number, string Thread, string File, long Offset, ulong First, uint Count, long Began, long Ended, long Result, int Errno)
{
    private const string CommitterThread = "phoenix-committ"; // the kernel keeps 15 characters
    private static readonly string[] RemadeEndings = [".segment.tmp", ".keys.tmp", ".keys"];
    private static readonly string[] Background = ["journal-prepare", "journal-index", "journal-keys"];

    public bool Failed => Result < 0;

    public bool IsCommitters => Thread == CommitterThread;

    /// <summary>Made by a thread that may fail and try again: nobody waits for what it writes.</summary>
    public bool IsBackground => Background.Contains(Thread);

    /// <summary>The calls in the order of their ends.</summary>
    public static List<StorageCall> ReadLog(string path) => !System.IO.File.Exists(path) ? [] : System.IO.File.ReadLines(path).Select(Parse).ToList();

    /// <summary>How far the group syncs that have succeeded reach, and since when.</summary>
    public static List<(ulong Through, long At)> Durable(IEnumerable<StorageCall> calls)
    {
        var durable = new List<(ulong, long)>();
        ulong written = 0;
        foreach (var call in calls.Where(call => call.IsCommitters && !call.Failed))
        {
            if (call.First != 0) written = call.First + call.Count - 1;
            if (call.Name == "fdatasync" || (call.Name == "msync" && call.First != 0)) durable.Add((written, call.Ended));
        }

        return durable;
    }

    /// <summary>True for what makes a new segment or a run of keys, whoever does it: its writes, its sync, and the sync of the directory behind them.</summary>
    public static bool IsPreparation(List<StorageCall> calls, StorageCall call)
    {
        if (IsRemade(call)) return true;
        var before = calls.FindLast(made => made.Thread == call.Thread && made.Ended < call.Ended);
        return call.Name == "fsync" && before is { Name: "fsync" } && IsRemade(before);
    }

    private static bool IsRemade(StorageCall call) => RemadeEndings.Any(ending => call.File.EndsWith(ending, StringComparison.Ordinal));

    private static StorageCall Parse(string line)
    {
        var f = line.Split(' ');
        var c = CultureInfo.InvariantCulture;
        return new(f[0], long.Parse(f[1], c), f[2], f[3], long.Parse(f[4], c), ulong.Parse(f[6], c), uint.Parse(f[7], c), long.Parse(f[8], c), long.Parse(f[9], c), long.Parse(f[10], c), int.Parse(f[11], c));
    }
}
