using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Bench.Micro;

/// <summary>What do the committer's sums cost per record of 256 bytes: the checksum, alone and four at a time, and the chain?</summary>
public unsafe class ChecksumBenchmarks
{
    private const int RecordBytes = 256;
    private const int Records = 4_096;

    private readonly byte* _records = (byte*)NativeMemory.AlignedAlloc(Records * RecordBytes, 64);
    private readonly byte[] _chain = new byte[SHA256.HashSizeInBytes];

    [GlobalSetup]
    public void Setup() => new Random(42).NextBytes(new Span<byte>(_records, Records * RecordBytes));

    [Benchmark(OperationsPerInvoke = Records)]
    public uint Checksum_of_a_record()
    {
        var sum = 0u;
        for (var i = 0; i < Records; i++) sum ^= Crc32C.Of(_records + (i * RecordBytes), RecordBytes);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public uint Checksums_of_four_records_at_a_time()
    {
        var four = stackalloc byte*[4];
        var sums = stackalloc uint[4];
        for (var i = 0; i < Records; i += 4)
        {
            for (var k = 0; k < 4; k++)
            {
                four[k] = _records + ((i + k) * RecordBytes);
                *(uint*)(four[k] + sizeof(uint)) = RecordBytes; // the length, where the header has it
            }

            Crc32C.OfFourRecords(four, sums);
        }

        return sums[0];
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int Chain_over_a_group() => SHA256.HashData(new ReadOnlySpan<byte>(_records, Records * RecordBytes), _chain);

    [GlobalCleanup]
    public void Cleanup() => NativeMemory.AlignedFree(_records);
}
