using System.Buffers.Binary;
using System.Security.Cryptography;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Server.Edge;

/// <summary>Enciphers the texts of commands on their way to the ledger. Any thread.</summary>
internal static class TextSeal
{
    private const int NoncesAtOnce = 1 << 20;

    // Counting up from a random start costs nothing; starting anew keeps long runs of two threads from meeting (ADR 0020).
    [ThreadStatic] private static ulong _nonce;
    [ThreadStatic] private static int _left;

    /// <summary>Bytes that have to be free in front of a command's texts.</summary>
    /// <param name="cipher">Null = texts stay plain.</param>
    public static int RoomOf(TextCipher? cipher) => cipher == null ? 0 : TextCipher.RoomBytes;

    /// <summary>The texts as they go into the command: enciphered where there is a cipher and something private.</summary>
    /// <param name="extras">Behind <see cref="RoomOf"/> free bytes.</param>
    public static Span<byte> Seal(TextCipher? cipher, Span<byte> extras) => cipher == null || cipher.TrySeal(extras, NextNonce()) ? extras : extras[TextCipher.RoomBytes..];

    private static ulong NextNonce()
    {
        if (_left-- <= 0)
        {
            Span<byte> start = stackalloc byte[sizeof(ulong)];
            RandomNumberGenerator.Fill(start);
            (_nonce, _left) = (BinaryPrimitives.ReadUInt64LittleEndian(start), NoncesAtOnce - 1);
        }

        return unchecked(_nonce++);
    }
}
