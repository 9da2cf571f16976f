using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger.Ids;

/// <summary>SipHash-2-4 with a 128-bit result (Aumasson and Bernstein, 2012): keyed, so callers cannot choose texts that collide.</summary>
public static class SipHash
{
    /// <param name="key">The tenant's hash key; equal texts of two tenants hash differently.</param>
    public static (ulong Lo, ulong Hi) Hash128(UInt128 key, ReadOnlySpan<byte> text)
    {
        unchecked
        {
            var k0 = (ulong)key;
            var k1 = (ulong)(key >> 64);
            var s = new Lanes
            {
                V0 = k0 ^ 0x736f6d6570736575,
                V1 = k1 ^ 0x646f72616e646f6d ^ 0xee,
                V2 = k0 ^ 0x6c7967656e657261,
                V3 = k1 ^ 0x7465646279746573,
            };
            var length = (ulong)text.Length;
            while (text.Length >= 8)
            {
                s.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(text));
                text = text[8..];
            }

            var last = length << 56;
            for (var i = 0; i < text.Length; i++) last |= (ulong)text[i] << (8 * i);
            s.Absorb(last);

            s.V2 ^= 0xee;
            s.Rounds4();
            var lo = s.V0 ^ s.V1 ^ s.V2 ^ s.V3;
            s.V1 ^= 0xdd;
            s.Rounds4();
            return (lo, s.V0 ^ s.V1 ^ s.V2 ^ s.V3);
        }
    }

    private struct Lanes
    {
        public ulong V0, V1, V2, V3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Absorb(ulong word)
        {
            V3 ^= word;
            Round();
            Round();
            V0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Rounds4()
        {
            Round();
            Round();
            Round();
            Round();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            unchecked
            {
                V0 += V1;
                V1 = BitOperations.RotateLeft(V1, 13) ^ V0;
                V0 = BitOperations.RotateLeft(V0, 32);
                V2 += V3;
                V3 = BitOperations.RotateLeft(V3, 16) ^ V2;
                V0 += V3;
                V3 = BitOperations.RotateLeft(V3, 21) ^ V0;
                V2 += V1;
                V1 = BitOperations.RotateLeft(V1, 17) ^ V2;
                V2 = BitOperations.RotateLeft(V2, 32);
            }
        }
    }
}
