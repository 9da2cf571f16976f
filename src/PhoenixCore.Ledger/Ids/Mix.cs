using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger.Ids;

/// <summary>Spreads small keys over 64 bits (finaliser of SplitMix64, Steele et al. 2014). Not keyed: only for numbers that we made ourselves. Stands in side indexes, so it never changes.</summary>
public static class Mix
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong x)
    {
        unchecked
        {
            x = (x ^ (x >> 32)) * 0x9E3779B97F4A7C15;
            return x ^ (x << 32) ^ (x >> 29);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong x, ulong y) => Of(unchecked(x + (y * 0xC2B2AE3D27D4EB4F)));
}
