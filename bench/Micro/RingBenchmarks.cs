using BenchmarkDotNet.Attributes;
using PhoenixCore.Ledger;
using PhoenixCore.Sequencer;

namespace PhoenixCore.Bench.Micro;

/// <summary>What does a command's place in the ring cost, claimed alone or with others? One thread, so no waiting and no contention.</summary>
[MemoryDiagnoser]
public unsafe class RingBenchmarks
{
    private const int Commands = 4_096;

    private readonly CommandRing<Command> _ring = new(Commands, new BlockingWait());

    [Params(1, 16, 256)]
    public int PerClaim { get; set; }

    [Benchmark(OperationsPerInvoke = Commands)]
    public long Claim_publish_and_release()
    {
        for (var i = 0; i < Commands; i += PerClaim)
        {
            _ring.TryClaim(PerClaim, out var first);
            for (var k = 0; k < PerClaim; k++) _ring.Slot(first + k)->Amount = i;
            _ring.Publish(first, PerClaim);
            _ring.Release(_ring.Available(PerClaim));
        }

        return _ring.Next;
    }

    [GlobalCleanup]
    public void Cleanup() => _ring.Dispose();
}
