using System.Numerics;
using System.Runtime.CompilerServices;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>From a 128-bit key to the 64 bits by which it is filed. Two keys may share them: whoever finds a row compares the record's key.</summary>
internal static class KeyHash
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(in UInt128 key)
    {
        unchecked
        {
            // Keys come as hashes, but rows are placed by their high bits, so a caller's weak hash must not be able to crowd one place.
            var hash = (ulong)(key >> 64) ^ BitOperations.RotateLeft((ulong)key * 0x9E3779B97F4A7C15, 29);
            hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
            hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
            return hash ^ (hash >> 32);
        }
    }
}
