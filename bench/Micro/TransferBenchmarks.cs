using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using PhoenixCore.Bench.Load.Core;
using PhoenixCore.Ledger;

namespace PhoenixCore.Bench.Micro;

/// <summary>Do decide and apply stay allocation-free, and how much slower do they get, as accounts outgrow the cache? No journal, no ring.</summary>
[MemoryDiagnoser]
public unsafe class TransferBenchmarks
{
    private const int Transfers = 1 << 16;

    private Roof _roof = null!;
    private Script _script = null!;
    private Command* _commands;

    [Params(1_000, 1_000_000)]
    public int Wallets { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _roof = new Roof(Wallets, 1 << 20);
        _script = new Script(_roof.Wallets, _roof.House, Spread.Uniform, seed: 42);
        _commands = (Command*)NativeMemory.AlignedAlloc(Transfers * Command.SizeBytes, 64);
    }

    /// <summary>Fresh keys for each iteration: a repeated one would be a duplicate and measure something else.</summary>
    [IterationSetup]
    public void Fill()
    {
        for (var i = 0; i < Transfers; i++)
        {
            _commands[i] = default;
            _script.Transfer(_commands + i);
        }
    }

    [Benchmark(OperationsPerInvoke = Transfers)]
    public double Decide_and_apply_a_transfer() => _roof.Measure(_commands, Transfers);

    [GlobalCleanup]
    public void Cleanup()
    {
        _roof.Dispose();
        NativeMemory.AlignedFree(_commands);
    }
}
