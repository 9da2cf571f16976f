using System.Numerics;
using System.Runtime.InteropServices;

namespace PhoenixCore.Sequencer;

/// <summary>Zeroed native memory for a power-of-two number of slots; aligned to 64 bytes, outside the collected heap.</summary>
internal static unsafe class NativeSlots
{
    private const int AlignmentBytes = 64;
    private const int CapacityMax = 1 << 30;

    /// <exception cref="ArgumentOutOfRangeException">The capacity is not a power of two from 1 to 2^30.</exception>
    public static T* Allocate<T>(int capacity) where T : unmanaged
    {
        if (!BitOperations.IsPow2(capacity) || capacity > CapacityMax)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A ring's capacity is a power of two from 1 to 2^30.");

        var bytes = (nuint)capacity * (nuint)sizeof(T);
        var slots = (T*)NativeMemory.AlignedAlloc(bytes, AlignmentBytes);
        NativeMemory.Clear(slots, bytes); // Also touches each page now rather than under the first commands.
        return slots;
    }

    public static void Free(void* slots) => NativeMemory.AlignedFree(slots);
}
