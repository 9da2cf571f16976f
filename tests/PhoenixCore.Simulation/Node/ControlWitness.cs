using System.Buffers.Binary;
using System.Numerics;
using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Simulation.Node;

/// <summary>Reads what the control slots witness, by offset: a start that goes on from before it has not looked.</summary>
internal static class ControlWitness
{
    private const int SlotBytes = 80;
    private const int SlotDistance = 4096;
    private const ulong Magic = 0x4C52544E43584850;

    /// <summary>The highest sequence that a readable slot names; 0 = none is readable.</summary>
    public static ulong In(SimulatedStorage storage)
    {
        if (!storage.Has("control")) return 0;
        var bytes = storage.Peek("control");
        var highest = 0UL;
        for (var at = 0; at + SlotBytes <= bytes.Length && at <= SlotDistance; at += SlotDistance)
        {
            var slot = bytes.Slice(at, SlotBytes);
            if (BinaryPrimitives.ReadUInt64LittleEndian(slot) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(slot[12..]) != Sum(slot[16..])) continue;
            highest = Math.Max(highest, BinaryPrimitives.ReadUInt64LittleEndian(slot[40..]));
        }

        return highest;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes) sum = BitOperations.Crc32C(sum, one);
        return ~sum;
    }
}
