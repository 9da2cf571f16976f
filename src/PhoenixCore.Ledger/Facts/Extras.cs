using System.Buffers.Binary;

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
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)tag);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], checked((ushort)value.Length));
        value.CopyTo(to[ItemHeaderBytes..]);
        return to[(ItemHeaderBytes + value.Length)..];
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
