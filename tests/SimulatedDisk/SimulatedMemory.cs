using System.Collections.Concurrent;

namespace PhoenixCore.Journal.Simulation;

/// <summary>Zeroed, pinned memory for files, used again: a run of many simulations would else spend its time on making and collecting it.</summary>
internal static class SimulatedMemory
{
    private const int PooledMin = 64 << 10;
    private static readonly ConcurrentDictionary<int, ConcurrentBag<byte[]>> Pools = new();

    public static byte[] Rent(int bytes) =>
        bytes >= PooledMin && Pools.TryGetValue(bytes, out var pool) && pool.TryTake(out var used) ? used : GC.AllocateArray<byte>(bytes, pinned: true);

    /// <param name="memory">All zeros.</param>
    public static void Return(byte[] memory)
    {
        if (memory.Length >= PooledMin) Pools.GetOrAdd(memory.Length, _ => []).Add(memory);
    }
}
