using System.Buffers.Binary;
using System.Text;

namespace PhoenixCore.Ledger.Policies;

/// <summary>Names with their values, for a context or a lot's attributes: made once at the edge, looked up by rules without parsing.</summary>
/// <remarks><code>
///   0       4       8 entries...
///   | Count | Flags |        entry: 0 Length  4 Kind  5 Decimals  6 NameLength  8 Number (16; a text: its length)  24 name, text, padding to 8
/// </code></remarks>
public static unsafe class ValueBlob
{
    /// <summary>Flag: the request had a context of its own (and not metadata alone).</summary>
    public const int HasContext = 1;

    private const int HeaderBytes = 8;
    private const int EntryBytes = 24;

    /// <param name="values">Texts, decimals and yes/no; the first of equal names counts.</param>
    /// <returns>Null when they take more than <see cref="PolicyLimits.ValuesBytesMax"/> bytes.</returns>
    public static byte[]? Write(IReadOnlyList<(string Name, PolicyValue Value)> values, int flags = 0)
    {
        var length = HeaderBytes;
        foreach (var (name, value) in values) length += BytesOf(name, value);
        if (length > PolicyLimits.ValuesBytesMax) return null;
        var blob = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(blob, values.Count);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(4), flags);
        var entry = blob.AsSpan(HeaderBytes);
        foreach (var (name, value) in values)
        {
            var bytes = BytesOf(name, value);
            BinaryPrimitives.WriteInt32LittleEndian(entry, bytes);
            entry[4] = (byte)value.Kind;
            entry[5] = (byte)value.Decimals;
            var nameBytes = Encoding.UTF8.GetBytes(name, entry[EntryBytes..]);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], (ushort)nameBytes);
            var number = value.Kind == PolicyValueKind.Text ? Encoding.UTF8.GetBytes(value.Text!, entry[(EntryBytes + nameBytes)..]) : value.Number;
            BinaryPrimitives.WriteInt128LittleEndian(entry[8..], number);
            entry = entry[bytes..];
        }

        return blob;
    }

    internal static int FlagsOf(byte* blob) => blob == null ? 0 : ((int*)blob)[1];

    /// <param name="text">Where the value's text lies, for a text.</param>
    internal static bool TryFind(byte* blob, ReadOnlySpan<byte> name, out ValueRow value, out byte* text)
    {
        value = default;
        text = null;
        if (blob == null) return false;
        var entry = blob + HeaderBytes;
        for (var left = *(int*)blob; left > 0; left--)
        {
            int nameLength = *(ushort*)(entry + 6);
            if (!name.SequenceEqual(new ReadOnlySpan<byte>(entry + EntryBytes, nameLength)))
            {
                entry += *(int*)entry;
                continue;
            }

            value.Kind = (PolicyValueKind)entry[4];
            value.Decimals = entry[5];
            value.Number = BinaryPrimitives.ReadInt128LittleEndian(new ReadOnlySpan<byte>(entry + 8, 16));
            text = entry + EntryBytes + nameLength;
            if (value.Kind == PolicyValueKind.Text) value.Text.Count = (int)value.Number;
            return true;
        }

        return false;
    }

    private static int BytesOf(string name, PolicyValue value) =>
        (EntryBytes + Encoding.UTF8.GetByteCount(name) + (value.Kind == PolicyValueKind.Text ? Encoding.UTF8.GetByteCount(value.Text!) : 0) + 7) & ~7;
}
