using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PhoenixCore.Journal.Framing;

/// <summary>Carries the record chain forward, one run at a time. One thread; reuses its hash, so a run allocates nothing.</summary>
internal sealed unsafe class RecordChain(ChainValue start) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ChainValue Value { get; private set; } = start;

    /// <summary>The value before a shard's first record.</summary>
    public static ChainValue Genesis(Guid shard)
    {
        Span<byte> name = stackalloc byte[16];
        shard.TryWriteBytes(name);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, digest);
        return MemoryMarshal.Read<ChainValue>(digest);
    }

    /// <summary>Goes on from another value.</summary>
    public void Restart(ChainValue value) => Value = value;

    /// <summary>Takes in one whole run.</summary>
    public ChainValue Extend(byte* records, int bytes)
    {
        var before = Value;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.AppendData(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref before, 1)));
        _hash.AppendData(new ReadOnlySpan<byte>(records, bytes));
        _hash.GetHashAndReset(digest);
        return Value = MemoryMarshal.Read<ChainValue>(digest);
    }

    public void Dispose() => _hash.Dispose();
}
