using System.Buffers.Binary;
using System.Text;

namespace PhoenixCore.Ledger;

/// <summary>An asset's code as 16 bytes: ASCII, zero-padded, case-sensitive.</summary>
public static class AssetCode
{
    public const int LengthMax = 16;

    /// <param name="code">1–16 bytes of A–Z a–z 0–9 . _ - (see <see cref="IsValid"/>).</param>
    public static UInt128 Pack(ReadOnlySpan<byte> code)
    {
        Span<byte> padded = stackalloc byte[LengthMax];
        padded.Clear();
        code.CopyTo(padded);
        return BinaryPrimitives.ReadUInt128LittleEndian(padded);
    }

    public static string Unpack(UInt128 code)
    {
        Span<byte> bytes = stackalloc byte[LengthMax];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, code);
        return Encoding.ASCII.GetString(bytes.TrimEnd((byte)0));
    }

    public static bool IsValid(ReadOnlySpan<byte> code)
    {
        if (code.Length is 0 or > LengthMax) return false;
        foreach (var c in code)
        {
            if (c is not ((>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'.' or (byte)'_' or (byte)'-')) return false;
        }

        return true;
    }
}
