using System.Diagnostics;
using PhoenixCore.Bench.Load.Core;
using PhoenixCore.Bench.Load.Results;

namespace PhoenixCore.Bench.Load;

/// <summary>What ten million wallets with one asset and one lot each take, as the system counts it.</summary>
public static class MemoryFigures
{
    private const int Wallets = 10_000_000;
    private const int HotKeys = 1 << 10;
    private const double Gibibyte = 1L << 30;

    public static void Run(ResultTable table)
    {
        ResultTable.Section("memory: 10 M wallets with one asset and one lot each");
        var before = Resident();
        using var roof = new Roof(Wallets, HotKeys);
        var used = Resident() - before;
        var counts = roof.Ledger.Counts;
        table.Add("resident", used / Gibibyte, "GiB", 6, most: true);
        table.Add("per wallet with its account, lot and index slots", (double)used / Wallets, "B");
        table.Add("of it index tables", counts.IndexBytes / Gibibyte, "GiB");
        table.Add("idempotency table apart, per key", (double)counts.KeyTableBytes / HotKeys, "B");
        if (roof.Ledger.FindFault() is { } fault) throw new InvalidOperationException(fault);
    }

    private static long Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
