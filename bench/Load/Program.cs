using System.Runtime.InteropServices;
using PhoenixCore.Bench.Load.Core;
using PhoenixCore.Ledger;

unsafe
{
    var wallets = int.Parse(args.Length > 0 ? args[0] : "1000000");
    var lots = int.Parse(args.Length > 1 ? args[1] : "1");
    var roof = new Roof(wallets, 1 << 24, lots);
    Console.WriteLine($"made {wallets} wallets, rss {System.Diagnostics.Process.GetCurrentProcess().WorkingSet64 >> 20} MiB");
    const int N = 1 << 20;
    var commands = (Command*)NativeMemory.AlignedAlloc((nuint)N * Command.SizeBytes, 64);
    foreach (var spread in Enum.GetValues<Spread>())
    {
        var script = new Script(roof.Wallets, roof.House, spread, 42 + (ulong)spread);
        for (var run = 0; run < 5; run++)
        {
            for (var i = 0; i < N; i++) { commands[i] = default; script.Transfer(commands + i); }
            var alloc = GC.GetAllocatedBytesForCurrentThread();
            var rate = roof.Measure(commands, N);
            Console.WriteLine($"{spread} {rate / 1e6:F2} M/s alloc {GC.GetAllocatedBytesForCurrentThread() - alloc} refused {roof.Refused}");
        }
    }
    Console.WriteLine(roof.Ledger.FindFault() ?? "books ok");
}
