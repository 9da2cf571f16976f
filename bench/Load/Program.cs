using System.Runtime.InteropServices;
using PhoenixCore.Bench.Load.Core;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;

unsafe
{
    var dir = args.Length > 0 ? args[0] : Path.GetTempPath();
    var wallets = 1_000_000;
    {
    var roof = new Roof(wallets, 1 << 24);
    const int N = 1 << 20;
    var commands = (Command*)NativeMemory.AlignedAlloc((nuint)N * Command.SizeBytes, 64);
    var script = new Script(roof.Wallets, roof.House, Spread.Uniform, 42);
    for (var run = 0; run < 5; run++)
    {
        for (var i = 0; i < N; i++) { commands[i] = default; script.Transfer(commands + i); }
        Console.WriteLine($"roof {roof.Measure(commands, N) / 1e6:F2} M/s");
    }
    roof.Dispose();
    NativeMemory.AlignedFree(commands);
    }
    using var run2 = new CoreRun(dir, wallets, WriterKind.Pwrite);
    Console.WriteLine($"made {run2.Shard.Cursors.Committed}");
    var sc = new Script(run2.Wallets, run2.House, Spread.Uniform, 43);
    for (var r = 0; r < 4; r++)
    {
        var rate = run2.Saturate(3, b => { for (var i = 0; i < 2048; i++) sc.Transfer(b.Add()); });
        Console.WriteLine($"durable {rate / 1e6:F2} M/s refused {run2.Refused}");
    }
    Console.WriteLine($"pairs {run2.BettingPairs(3, sc) / 1e6:F2} M/s");
    foreach (var rate in new[] { 100_000, 500_000, 1_000_000 })
    {
        var l = run2.Offer(3, rate, (b, n) => { for (var i = 0; i < n; i++) sc.Transfer(b.Add()); });
        Console.WriteLine($"offered {rate}: p50 {l.At(.5):F0} p99 {l.At(.99):F0} p99.9 {l.At(.999):F0} us");
    }
    var secs = run2.Recover(out var facts, out var digest);
    Console.WriteLine($"recovery {facts / secs / 1e6:F2} M facts/s in {secs:F1} s; {(ulong)(run2.Shard.Digest() & ulong.MaxValue) == digest} {run2.Shard.FindFault() ?? "books ok"}");
}
