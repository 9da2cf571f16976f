using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Texts that are enciphered in place, and found by a keyed hash.</summary>
public sealed unsafe class TextCipherTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, TextCipher.KeyBytes).Select(i => (byte)i)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(4_096)]
    public void A_text_is_xored_with_aes_128_over_counted_blocks(int length)
    {
        using var cipher = new TextCipher(1, Key);
        var text = RandomNumberGenerator.GetBytes(length);
        var extras = Texts((ExtraTag.Metadata, text));
        Assert.True(cipher.TrySeal(extras, 0xAB_0011_2233_4455));

        // Once more, from the drawing of the item and the base library's cipher.
        using var aes = Aes.Create();
        aes.Key = Key[..16];
        var block = extras.AsSpan(Extras.ItemHeaderBytes, 16).ToArray();
        Assert.Equal(0xAB_0011_2233_4455UL | (1UL << 56), BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(8)));
        var counter = new byte[16];
        var expected = text.ToArray();
        for (var i = 0; i < length; i += 16)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(counter, BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(8)));
            BinaryPrimitives.WriteUInt64LittleEndian(counter.AsSpan(8), BinaryPrimitives.ReadUInt64LittleEndian(block) + (ulong)(i / 16));
            var stream = aes.EncryptEcb(counter, PaddingMode.None);
            for (var j = i; j < Math.Min(length, i + 16); j++) expected[j] ^= stream[j - i];
        }

        Assert.Equal(expected, Find(extras, ExtraTag.Metadata));
    }

    [Fact]
    public void A_fact_s_texts_are_readable_with_the_key_and_nameless_without_it()
    {
        using var cipher = new TextCipher(1, Key);
        using var wrong = new TextCipher(2, Key);
        using var books = new Bookshop();
        books.Credit("ann", 10);
        books.Credit("bob", 1);
        var extras = Texts((ExtraTag.Reference, "order 7"u8.ToArray()), (ExtraTag.Intent, "shopping"u8.ToArray()), (ExtraTag.Metadata, "{\"who\":\"Ann\"}"u8.ToArray()));
        Assert.True(cipher.TrySeal(extras, 7));
        var transfer = books.Transfer("ann", "bob", 3);
        transfer->Extras = books.Arena.Copy<byte>(extras);
        transfer->ExtrasBytes = extras.Length;
        Assert.Equal(LedgerResult.Accepted, books.Run(transfer).Result);
        var sealedFact = books.LastFact.Bytes.ToArray();
        Assert.True(sealedFact.AsSpan().IndexOf("order 7"u8) < 0 && sealedFact.AsSpan().IndexOf("Ann"u8) < 0);
        using (var replayed = books.Rig.Replay()) Assert.Equal(books.Rig.Ledger.Digest(), replayed.Digest());

        var open = sealedFact.ToArray();
        for (var time = 0; time < 2; time++) Assert.Equal(("order 7", "shopping", "{\"who\":\"Ann\"}"), Opened(open, cipher));
        Assert.Equal((null, "shopping", null), Opened(sealedFact.ToArray(), null));
        Assert.Equal((null, "shopping", null), Opened(sealedFact.ToArray(), wrong));
    }

    [Fact]
    public void What_no_text_is_private_of_stays_as_it_is()
    {
        using var cipher = new TextCipher(1, Key);
        var extras = Texts((ExtraTag.Attributes, "{}"u8.ToArray()), (ExtraTag.Intent, "x"u8.ToArray()), (ExtraTag.Actor, "k"u8.ToArray()));
        var before = extras.ToArray();
        Assert.False(cipher.TrySeal(extras, 1));
        Assert.Equal(before, extras);
    }

    [Fact]
    public void Equal_references_have_equal_hashes_and_different_bytes()
    {
        using var cipher = new TextCipher(1, Key);
        using var other = new TextCipher(1, [.. Key.Reverse()]);
        var (one, two) = (Texts((ExtraTag.Reference, "order 7"u8.ToArray())), Texts((ExtraTag.Reference, "order 7"u8.ToArray())));
        Assert.True(cipher.TrySeal(one, 1) && cipher.TrySeal(two, 2));
        Assert.NotEqual(Find(one, ExtraTag.Reference), Find(two, ExtraTag.Reference));
        Assert.True(TextCipher.TryReadHash(one, out var hash));
        Assert.True(TextCipher.TryReadHash(two, out var same));
        Assert.Equal((cipher.HashOf("order 7"u8), hash), (hash, same));
        Assert.NotEqual(hash, other.HashOf("order 7"u8));
        Assert.False(TextCipher.TryReadHash(Texts((ExtraTag.Reference, "order 7"u8.ToArray())).AsSpan(TextCipher.RoomBytes), out _));
    }

    [Fact]
    public void The_record_of_a_keyed_plain_transfer_with_an_enciphered_reference_is_at_most_256_bytes()
    {
        const int recordHeaderBytes = 40;
        using var cipher = new TextCipher(1, Key);
        using var books = new Bookshop();
        books.Credit("ann", 10);
        books.Credit("bob", 1);
        var extras = Texts((ExtraTag.Reference, "0123456789abcdef"u8.ToArray()));
        Assert.True(cipher.TrySeal(extras, 1));
        var transfer = books.Transfer("ann", "bob", 3);
        (transfer->Flags, transfer->KeyLo) = (transfer->Flags | CommandFlags.HasKey, 7);
        transfer->Extras = books.Arena.Copy<byte>(extras);
        transfer->ExtrasBytes = extras.Length;
        var outcome = books.Run(transfer);
        Assert.Equal((LedgerResult.Accepted, OutcomeKind.Fact), (outcome.Result, outcome.Kind));
        Assert.InRange(recordHeaderBytes + outcome.FactBytes, 1, 256);
    }

    private static byte[] Texts(params (ExtraTag Tag, byte[] Value)[] items)
    {
        var extras = new byte[TextCipher.RoomBytes + items.Sum(item => Extras.ItemHeaderBytes + item.Value.Length)];
        var rest = extras.AsSpan(TextCipher.RoomBytes);
        foreach (var (tag, value) in items) rest = Extras.Write(rest, tag, value);
        return extras;
    }

    private static byte[] Find(byte[] extras, ExtraTag tag)
    {
        Assert.True(Extras.TryFind(extras, tag, out var value));
        return value.ToArray();
    }

    private static (string? Reference, string? Intent, string? Metadata) Opened(byte[] fact, TextCipher? cipher)
    {
        fixed (byte* payload = fact)
        {
            TextCipher.Open(payload, cipher);
            var extras = new FactParts(payload).First.Extras;
            return (Text(extras, ExtraTag.Reference), Text(extras, ExtraTag.Intent), Text(extras, ExtraTag.Metadata));
        }
    }

    private static string? Text(ReadOnlySpan<byte> extras, ExtraTag tag) => Extras.TryFind(extras, tag, out var value) ? Encoding.UTF8.GetString(value) : null;
}
