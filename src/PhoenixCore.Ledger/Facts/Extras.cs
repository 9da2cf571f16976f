using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

/// <summary>The texts of a command, tag-length-value, copied into the fact as they are.</summary>
/// <remarks><code>
///   0     2        4
///   +-----+--------+----------+-- next
///   | Tag | Length | bytes... |
///   +-----+--------+----------+--
/// </code>
/// Not padded between items; the part pads the whole to 8.</remarks>
public static class Extras
{
    public const int ItemHeaderBytes = 4;

    /// <summary>Writes one item and returns what is left of the buffer.</summary>
    public static Span<byte> Write(Span<byte> to, ExtraTag tag, scoped ReadOnlySpan<byte> value)
    {
        WriteHeader(to, tag, value.Length);
        value.CopyTo(to[ItemHeaderBytes..]);
        return to[(ItemHeaderBytes + value.Length)..];
    }

    public static void WriteHeader(Span<byte> to, ExtraTag tag, int valueBytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)tag);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], checked((ushort)valueBytes));
    }

    /// <summary>The next item of returned terms, which is stepped over with all before it; false when there is none.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> extras, out ReturnedTerms terms)
    {
        while (extras.Length >= ItemHeaderBytes)
        {
            var tag = (ExtraTag)BinaryPrimitives.ReadUInt16LittleEndian(extras);
            var value = extras.Slice(ItemHeaderBytes, BinaryPrimitives.ReadUInt16LittleEndian(extras[2..]));
            extras = extras[(ItemHeaderBytes + value.Length)..];
            if (tag != ExtraTag.ReturnedTerms) continue;
            terms = MemoryMarshal.Read<ReturnedTerms>(value);
            return true;
        }

        terms = default;
        return false;
    }

    /// <summary>The item that stands next when it is a returned lot: its bytes, stepped over.</summary>
    public static bool TryTakeLot(scoped ref ReadOnlySpan<byte> extras, out ReadOnlySpan<byte> lot)
    {
        lot = default;
        if (extras.Length < ItemHeaderBytes || BinaryPrimitives.ReadUInt16LittleEndian(extras) != (ushort)ExtraTag.ReturnedLot) return false;
        lot = extras.Slice(ItemHeaderBytes, BinaryPrimitives.ReadUInt16LittleEndian(extras[2..]));
        extras = extras[(ItemHeaderBytes + lot.Length)..];
        return true;
    }

    /// <summary>A copy that leaves two kinds of items out.</summary>
    public static byte[] Without(ReadOnlySpan<byte> extras, ExtraTag one, ExtraTag other)
    {
        var kept = new byte[extras.Length];
        var used = 0;
        while (extras.Length >= ItemHeaderBytes)
        {
            var tag = (ExtraTag)BinaryPrimitives.ReadUInt16LittleEndian(extras);
            var item = extras[..(ItemHeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(extras[2..]))];
            extras = extras[item.Length..];
            if (tag == one || tag == other) continue;
            item.CopyTo(kept.AsSpan(used));
            used += item.Length;
        }

        return kept[..used];
    }

    /// <summary>False when there is no such item (an empty one is true with an empty value).</summary>
    public static bool TryFind(ReadOnlySpan<byte> extras, ExtraTag tag, out ReadOnlySpan<byte> value)
    {
        while (extras.Length >= ItemHeaderBytes)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extras[2..]);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extras) == (ushort)tag)
            {
                value = extras.Slice(ItemHeaderBytes, length);
                return true;
            }

            extras = extras[(ItemHeaderBytes + length)..];
        }

        value = default;
        return false;
    }
}
