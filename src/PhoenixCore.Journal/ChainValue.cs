using System.Runtime.InteropServices;

namespace PhoenixCore.Journal;

/// <summary>A value of the record chain: the first 16 bytes of SHA-256 over the value before and the bytes of one run.</summary>
/// <remarks>
/// Equal on every copy that holds the same records, whatever the groups they were framed into (ADR 0004). Before the first
/// record it is derived from the shard's id, so that two shards never share a value.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public readonly record struct ChainValue(ulong Low, ulong High)
{
    /// <summary>Bytes of a chain value.</summary>
    public const int Size = 16;

    /// <summary>The bytes in the order they stand in files, as hexadecimal digits.</summary>
    public override string ToString()
    {
        var copy = this;
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref copy, 1)));
    }
}
