namespace PhoenixCore.Ledger.Ids;

/// <summary>A tenant's public ids: a prefix and 26 characters of base32, the number enciphered under the tenant's key.</summary>
/// <remarks><code>
///   block = AES-128(tenant key, | number (8, little-endian) | kind (1) | zeros (7) |)      wal_ + base32(block)
/// </code>
/// So an id tells nothing of volume or order, cannot be guessed, and one of another tenant or kind deciphers to a block whose zeros are
/// not zero (chance of passing: 2^-56) and is answered like one that never existed. The number inside names the sequence that made the
/// thing, so the journal finds it without an index. Instances are not thread-safe for the fallback without AES instructions; make one per thread there.
/// </remarks>
public sealed class PublicIds : IDisposable
{
    public const int TextLength = 26;
    public const int PrefixLength = 4;
    public const int IdLength = PrefixLength + TextLength;

    private static readonly byte[] Alphabet = "0123456789abcdefghjkmnpqrstvwxyz"u8.ToArray();
    private static readonly byte[] Values = MakeValues();
    private static readonly string[] Prefixes = ["", "wal_", "lot_", "rsv_", "crd_", "txf_", "dbt_", "txn_", "ent_", "evt_", "pol_", "whk_", "dlv_"];

    private readonly BlockCipher _cipher;

    /// <param name="tenantKey">16 random bytes, kept in the tenant's first fact.</param>
    public PublicIds(UInt128 tenantKey) => _cipher = new BlockCipher(tenantKey);

    public static string PrefixOf(IdKind kind) => Prefixes[(int)kind];

    public string Format(IdKind kind, ulong number) => string.Create(IdLength, (this, kind, number), static (to, arguments) =>
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        arguments.Item1.Write(arguments.kind, arguments.number, bytes);
        for (var i = 0; i < IdLength; i++) to[i] = (char)bytes[i];
    });

    /// <summary>Writes the 30 bytes of an id.</summary>
    public void Write(IdKind kind, ulong number, Span<byte> to)
    {
        var prefix = Prefixes[(int)kind];
        for (var i = 0; i < PrefixLength; i++) to[i] = (byte)prefix[i];
        var block = _cipher.Encipher(new UInt128((ulong)kind, number));
        var (hi, lo) = ((ulong)(block >> 64), unchecked((ulong)block));
        for (var i = TextLength - 1; i >= 0; i--)
        {
            to[PrefixLength + i] = Alphabet[(int)(lo & 31)];
            lo = (lo >> 5) | (hi << 59);
            hi >>= 5;
        }
    }

    /// <summary>False for anything that this tenant never got as an id of that kind.</summary>
    public bool TryParse(IdKind kind, ReadOnlySpan<byte> id, out ulong number)
    {
        number = 0;
        if (id.Length != IdLength) return false;
        var prefix = Prefixes[(int)kind];
        for (var i = 0; i < PrefixLength; i++)
        {
            if (id[i] != prefix[i]) return false;
        }

        ulong hi = 0, lo = 0;
        var bad = (uint)Values[id[PrefixLength]] > 7 ? 255 : 0; // 26 × 5 = 130 bits: the first character has three
        for (var i = PrefixLength; i < IdLength; i++)
        {
            var value = Values[id[i]];
            bad |= value & 0xE0;
            hi = (hi << 5) | (lo >> 59);
            lo = (lo << 5) | value;
        }

        if (bad != 0) return false;
        var block = _cipher.Decipher(new UInt128(hi, lo));
        number = unchecked((ulong)block);
        return (ulong)(block >> 64) == (ulong)kind;
    }

    public bool TryParse(IdKind kind, string id, out ulong number)
    {
        number = 0;
        if (id.Length != IdLength) return false;
        Span<byte> bytes = stackalloc byte[IdLength];
        for (var i = 0; i < IdLength; i++) bytes[i] = id[i] < 128 ? (byte)id[i] : (byte)0;
        return TryParse(kind, bytes, out number);
    }

    public void Dispose() => _cipher.Dispose();

    private static byte[] MakeValues()
    {
        var values = new byte[256];
        Array.Fill(values, (byte)255);
        for (var i = 0; i < Alphabet.Length; i++) values[Alphabet[i]] = (byte)i;
        return values;
    }
}
