using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace PhoenixCore.Journal.Tests;

/// <summary>Reads and remakes groups from the drawn layout alone, without the code under test.</summary>
internal static class GroupForger
{
    private const int Header = 160;

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>Offsets at which a group's magic stands.</summary>
    public static List<int> StartsIn(ReadOnlySpan<byte> segment)
    {
        var starts = new List<int>();
        for (var at = 4096; at + Header <= segment.Length; at += 4096)
        {
            if (segment.Slice(at, 8).SequenceEqual("PHXGROUP"u8))
                starts.Add(at);
        }
        return starts;
    }

    /// <summary>Size on disk of the group that begins here.</summary>
    public static int FramedBytes(ReadOnlySpan<byte> group) =>
        (Header + (int)BinaryPrimitives.ReadUInt32LittleEndian(group[96..]) + 4095) / 4096 * 4096;

    /// <summary>Changes a byte of the first record's payload and makes everything but that record's checksum agree again.</summary>
    public static void BreakRecordAndMendGroup(Span<byte> group, Guid shard)
    {
        var records = group.Slice(Header, (int)BinaryPrimitives.ReadUInt32LittleEndian(group[96..]));
        records[41] ^= 1;
        Span<byte> name = stackalloc byte[16];
        shard.TryWriteBytes(name);
        var genesis = SHA256.HashData(name)[..16];
        SHA256.HashData([.. genesis, .. records]).AsSpan(0, 16).CopyTo(group[112..]);
        MendHeader(group);
    }

    /// <summary>Makes the header's checksum agree with what it says now.</summary>
    public static void MendHeader(Span<byte> group) => BinaryPrimitives.WriteUInt32LittleEndian(group[12..], Crc(group[16..Header]));
}
