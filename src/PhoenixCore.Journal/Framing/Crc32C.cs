using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PhoenixCore.Journal.Framing;

/// <summary>CRC32C with the usual start and end complement. The instruction takes 3 cycles but can start each cycle, so records are
/// summed four at a time.</summary>
public static unsafe class Crc32C
{
    /// <summary>Any length, any alignment.</summary>
    public static uint Of(byte* data, int bytes)
    {
        var crc = uint.MaxValue;
        var end = data + bytes;
        for (; end - data >= 8; data += 8)
            crc = BitOperations.Crc32C(crc, *(ulong*)data);
        for (; data < end; data++)
            crc = BitOperations.Crc32C(crc, *data);
        return ~crc;
    }

    /// <summary>The checksum a record of this length must carry: over every byte behind the checksum itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfRecord(byte* record, uint length) =>
        ~Words(BitOperations.Crc32C(uint.MaxValue, *(uint*)(record + 4)), record + 8, (length - 8) >> 3);

    /// <summary>Four records at once; <paramref name="sums"/> gets their checksums.</summary>
    public static void OfFourRecords(byte** records, uint* sums)
    {
        if (!Sse42.X64.IsSupported)
        {
            for (var i = 0; i < 4; i++)
                sums[i] = OfRecord(records[i], *(uint*)(records[i] + 4));
            return;
        }

        byte* a = records[0], b = records[1], c = records[2], d = records[3];
        uint la = *(uint*)(a + 4), lb = *(uint*)(b + 4), lc = *(uint*)(c + 4), ld = *(uint*)(d + 4);
        ulong ca = Sse42.Crc32(uint.MaxValue, la), cb = Sse42.Crc32(uint.MaxValue, lb);
        ulong cc = Sse42.Crc32(uint.MaxValue, lc), cd = Sse42.Crc32(uint.MaxValue, ld);
        var shared = Math.Min(Math.Min(la, lb), Math.Min(lc, ld));
        for (uint at = 8; at < shared; at += 8)
        {
            ca = Sse42.X64.Crc32(ca, *(ulong*)(a + at));
            cb = Sse42.X64.Crc32(cb, *(ulong*)(b + at));
            cc = Sse42.X64.Crc32(cc, *(ulong*)(c + at));
            cd = Sse42.X64.Crc32(cd, *(ulong*)(d + at));
        }
        sums[0] = ~Words((uint)ca, a + shared, (la - shared) >> 3);
        sums[1] = ~Words((uint)cb, b + shared, (lb - shared) >> 3);
        sums[2] = ~Words((uint)cc, c + shared, (lc - shared) >> 3);
        sums[3] = ~Words((uint)cd, d + shared, (ld - shared) >> 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Words(uint crc, byte* data, uint words)
    {
        for (; words != 0; words--, data += 8)
            crc = BitOperations.Crc32C(crc, *(ulong*)data);
        return crc;
    }
}
