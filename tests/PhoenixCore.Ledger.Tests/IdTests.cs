using System.Text;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Public ids and the two primitives beneath them.</summary>
public sealed class IdTests
{
    private static readonly IdKind[] Kinds = [.. Enum.GetValues<IdKind>().Where(kind => kind != IdKind.None)];
    private static readonly UInt128 Key = new(0x0123456789ABCDEF, 0xFEDCBA9876543210);

    [Fact]
    public void An_id_reads_back_as_the_number_it_was_made_of()
    {
        using var ids = new PublicIds(Key);
        foreach (var kind in Kinds)
        {
            foreach (var number in (ulong[])[0, 1, 4096, ulong.MaxValue, 0x8000000000000000])
            {
                var id = ids.Format(kind, number);
                Assert.Equal(PublicIds.IdLength, id.Length);
                Assert.StartsWith(PublicIds.PrefixOf(kind), id);
                Assert.True(ids.TryParse(kind, id, out var read));
                Assert.Equal(number, read);
            }
        }
    }

    [Fact]
    public void An_id_of_another_tenant_another_kind_or_with_a_flipped_character_never_parses()
    {
        using var ids = new PublicIds(Key);
        using var others = new PublicIds(Key + 1);
        var random = new Random(1);
        const string alphabet = "0123456789abcdefghjkmnpqrstvwxyzilouILOUABC-_é\0";
        for (var i = 0; i < 100_000; i++)
        {
            var kind = Kinds[random.Next(Kinds.Length)];
            var number = (ulong)random.NextInt64() >> random.Next(64);
            var id = ids.Format(kind, number);
            Assert.False(others.TryParse(kind, id, out _));

            var other = Kinds[random.Next(Kinds.Length)];
            if (other != kind) Assert.False(ids.TryParse(other, PublicIds.PrefixOf(other) + id[PublicIds.PrefixLength..], out _) || ids.TryParse(other, id, out _));

            var at = random.Next(id.Length);
            var flipped = alphabet[random.Next(alphabet.Length)];
            if (flipped != id[at]) Assert.False(ids.TryParse(kind, id[..at] + flipped + id[(at + 1)..], out _), $"{id} at {at}: {flipped}");
        }
    }

    [Fact]
    public void Ids_of_other_lengths_do_not_parse()
    {
        using var ids = new PublicIds(Key);
        var id = ids.Format(IdKind.Wallet, 5);
        foreach (var wrong in (string[])["", "wal_", id[..^1], id + "0", " " + id[1..]]) Assert.False(ids.TryParse(IdKind.Wallet, wrong, out _));
    }

    [Fact]
    public void Aes_gives_the_vector_of_fips_197()
    {
        if (!AesSchedule.IsSupported) return; // the fallback is the runtime's own
        var aes = new AesSchedule(Block("000102030405060708090a0b0c0d0e0f"));
        var plain = Block("00112233445566778899aabbccddeeff");
        var cipher = Block("69c4e0d86a7b0430d8cdb78070b4c55a");
        Assert.Equal(cipher, aes.Encipher(plain));
        Assert.Equal(plain, aes.Decipher(cipher));
    }

    /// <summary>From the reference implementation: key 00..0f, texts of 0, 1, … bytes 00, 01, ….</summary>
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    [InlineData(2, "8177228da4a45dc7fca38bdef60affe4")]
    [InlineData(3, "9c70b60c5267a94e5f33b6b02985ed51")]
    [InlineData(7, "a1f1ebbed8dbc153c0b84aa61ff08239")]
    [InlineData(8, "3b62a9ba6258f5610f83e264f31497b4")]
    [InlineData(15, "5493e99933b0a8117e08ec0f97cfc3d9")]
    public void Sip_hash_gives_the_published_vectors(int length, string expected)
    {
        var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var (lo, hi) = SipHash.Hash128(Block("000102030405060708090a0b0c0d0e0f"), text);
        Assert.Equal(Block(expected), new UInt128(hi, lo));
    }

    [Fact]
    public void Asset_codes_are_16_plain_characters_at_most()
    {
        foreach (var code in (string[])["A", "USD", "loyalty-points.1", "a_B-9"])
        {
            var bytes = Encoding.ASCII.GetBytes(code);
            Assert.True(AssetCode.IsValid(bytes));
            Assert.Equal(code, AssetCode.Unpack(AssetCode.Pack(bytes)));
        }

        foreach (var code in (string[])["", "12345678901234567", "A B", "A/B", "é"]) Assert.False(AssetCode.IsValid(Encoding.UTF8.GetBytes(code)));
    }

    [Theory]
    [InlineData("USD", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    [InlineData("CHF", 2)]
    [InlineData("UYI", 0)]
    [InlineData("ZWG", 2)]
    public void Currencies_have_the_decimals_of_the_standard(string code, int scale)
    {
        Assert.True(Iso4217.TryGetScale(AssetCode.Pack(Encoding.ASCII.GetBytes(code)), out var found));
        Assert.Equal(scale, found);
    }

    [Fact]
    public void Codes_that_are_no_currency_have_no_scale()
    {
        foreach (var code in (string[])["PTS", "usd", "XXX", "US", "USDT"]) Assert.False(Iso4217.TryGetScale(AssetCode.Pack(Encoding.ASCII.GetBytes(code)), out _));
    }

    private static UInt128 Block(string hex) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(Convert.FromHexString(hex));
}
