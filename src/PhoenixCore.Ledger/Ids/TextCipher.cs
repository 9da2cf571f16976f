using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger.Ids;

/// <summary>Enciphers the texts of a tenant that no rule reads, and keys the hashes by which they are looked up (ADR 0020). Any thread.</summary>
/// <remarks>The item <see cref="ExtraTag.TextKey"/> of a part whose texts are enciphered:
/// <code>
///   0               8              15    16
///   +---------------+--------------+-----+
///   | ReferenceHash | Nonce        | Key |      block i of the stream = AES-128(cipher key, | Nonce, Key | ReferenceHash + i |)
///   +---------------+--------------+-----+
/// </code>
/// Each enciphered text begins with a block of its own and keeps its length. A nonce is used once with a key; the hash is 0 without a reference.</remarks>
public sealed class TextCipher : IDisposable
{
    /// <summary>Bytes of a text key: the cipher's, then those of the hashes of names, of references and of fingerprints.</summary>
    public const int KeyBytes = 4 * BlockBytes;

    /// <summary>Bytes that <see cref="TrySeal"/> wants free in front of the texts.</summary>
    public const int RoomBytes = Extras.ItemHeaderBytes + BlockBytes;

    /// <summary>Bits of a nonce.</summary>
    public const int NonceBits = 56;

    private const int BlockBytes = 16;

    private readonly BlockCipher _cipher;
    private readonly UInt128 _references;
    private readonly byte _number;

    /// <param name="number">Of the key among those of its tenant; it stands in each part.</param>
    /// <param name="key"><see cref="KeyBytes"/> random bytes.</param>
    public TextCipher(byte number, ReadOnlySpan<byte> key)
    {
        var keys = MemoryMarshal.Cast<byte, UInt128>(key[..KeyBytes]);
        _cipher = new BlockCipher(keys[0]);
        (_number, Names, _references, Fingerprints) = (number, keys[1], keys[2], keys[3]);
    }

    /// <summary>Key of the hashes of external ids and idempotency keys.</summary>
    public UInt128 Names { get; }

    /// <summary>Key of the fingerprints of commands.</summary>
    public UInt128 Fingerprints { get; }

    /// <summary>What rules never read. The others stay as they are.</summary>
    public static bool IsPrivate(ExtraTag tag) => tag is ExtraTag.Reference or ExtraTag.Metadata or ExtraTag.ExternalId or ExtraTag.Name or ExtraTag.HolderId or ExtraTag.Reason
        or ExtraTag.GroupKey or ExtraTag.RoundKey or ExtraTag.Context or ExtraTag.PolicySource;

    /// <summary>By which a side index knows a reference; never 0.</summary>
    public ulong HashOf(ReadOnlySpan<byte> reference) => Math.Max(1, SipHash.Hash128(_references, reference).Lo);

    /// <summary>Enciphers a command's texts in place.</summary>
    /// <param name="extras">Items, behind <see cref="RoomBytes"/> free bytes, which become an item too.</param>
    /// <param name="nonce">One that this key was never given before; <see cref="NonceBits"/> count.</param>
    /// <returns>False: nothing in it is private, and the free bytes stay free.</returns>
    public bool TrySeal(Span<byte> extras, ulong nonce)
    {
        var texts = extras[RoomBytes..];
        if (!HasPrivate(texts)) return false;
        var hash = Extras.TryFind(texts, ExtraTag.Reference, out var reference) ? HashOf(reference) : 0;
        Extras.WriteHeader(extras, ExtraTag.TextKey, BlockBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(extras[Extras.ItemHeaderBytes..], hash);
        BinaryPrimitives.WriteUInt64LittleEndian(extras[(Extras.ItemHeaderBytes + sizeof(ulong))..], (nonce << 8 >> 8) | ((ulong)_number << NonceBits));
        Apply(texts, extras.Slice(Extras.ItemHeaderBytes, BlockBytes));
        return true;
    }

    /// <summary>Makes the texts of a fact's copy readable in place; what the cipher is not the key of becomes nameless items. What is plain stays so, and a second time does nothing.</summary>
    /// <param name="cipher">Null = its tenant has none any more.</param>
    public static unsafe void Open(byte* fact, TextCipher? cipher)
    {
        foreach (var part in new FactParts(fact))
        {
            if (part.Extras.Length >= RoomBytes) Open(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(part.Extras), part.Extras.Length), cipher);
        }
    }

    /// <summary>As <see cref="Open(byte*, TextCipher?)"/>, of one part's or command's texts.</summary>
    public static void Open(Span<byte> extras, TextCipher? cipher)
    {
        if (!Extras.TryFind(extras, ExtraTag.TextKey, out var item) || item.Length != BlockBytes) return;
        if (cipher != null && cipher._number == item[BlockBytes - 1]) cipher.Apply(extras, item);
        for (var rest = extras; TryTake(ref rest, out var tag, out var found);)
        {
            if (tag == ExtraTag.TextKey || (IsPrivate(tag) && cipher?._number != item[BlockBytes - 1])) BinaryPrimitives.WriteUInt16LittleEndian(found, (ushort)ExtraTag.None);
        }
    }

    /// <summary>The hash of the enciphered reference of a part; 0 = it has none.</summary>
    /// <returns>False: the part's texts are plain.</returns>
    public static bool TryReadHash(ReadOnlySpan<byte> extras, out ulong hash)
    {
        hash = 0;
        if (!Extras.TryFind(extras, ExtraTag.TextKey, out var item) || item.Length != BlockBytes) return false;
        hash = BinaryPrimitives.ReadUInt64LittleEndian(item);
        return true;
    }

    public void Dispose() => _cipher.Dispose();

    private static bool HasPrivate(Span<byte> texts)
    {
        while (TryTake(ref texts, out var tag, out _))
        {
            if (IsPrivate(tag)) return true;
        }

        return false;
    }

    private static bool TryTake(ref Span<byte> extras, out ExtraTag tag, out Span<byte> item)
    {
        tag = ExtraTag.None;
        item = default;
        if (extras.Length < Extras.ItemHeaderBytes) return false;
        tag = (ExtraTag)BinaryPrimitives.ReadUInt16LittleEndian(extras);
        item = extras[..(Extras.ItemHeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(extras[2..]))];
        extras = extras[item.Length..];
        return true;
    }

    private void Apply(Span<byte> extras, ReadOnlySpan<byte> start)
    {
        var block = BinaryPrimitives.ReadUInt64LittleEndian(start);
        var nonce = BinaryPrimitives.ReadUInt64LittleEndian(start[sizeof(ulong)..]);
        while (TryTake(ref extras, out var tag, out var item))
        {
            if (!IsPrivate(tag)) continue;
            var text = item[Extras.ItemHeaderBytes..];
            for (; text.Length >= BlockBytes; text = text[BlockBytes..])
            {
                var stream = _cipher.Encipher(new UInt128(unchecked(block++), nonce));
                MemoryMarshal.Write(text, MemoryMarshal.Read<UInt128>(text) ^ stream);
            }

            if (text.IsEmpty) continue;
            var last = _cipher.Encipher(new UInt128(unchecked(block++), nonce));
            for (var i = 0; i < text.Length; i++) text[i] ^= unchecked((byte)(last >> (8 * i)));
        }
    }
}
