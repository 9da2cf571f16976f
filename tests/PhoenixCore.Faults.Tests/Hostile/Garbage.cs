using System.Globalization;
using System.Text;

namespace PhoenixCore.Faults.Tests.Hostile;

/// <summary>What callers should not send, from a seed. One thread.</summary>
internal sealed class Garbage(int seed)
{
    private static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "' OR 1=1 --", "../../etc/passwd", "%00%2f", "\U0001F600", "\u00e9", "e\u0301", "\u202eabc", "a\r\nSet-Cookie: x", "\u001b[31m", "null", "NaN", "Infinity", "-1", "0", "0x10", "\uff11", "1e3", "1.5", "+1", "01",
        "9223372036854775807", "9223372036854775808", "170141183460469231731687303715884105727", "170141183460469231731687303715884105728", "0.0000000000000000001", "seq_000000000001", "seq_99999999999999999999",
        "wal_0000000000000000000000000a", "rsv_zzzzzzzzzzzzzzzzzzzzzzzzzz", "pol_default", "house_wallet", "system:liability", "2030-01-01T00:00:00Z", "1600-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2030-02-30T25:61:61Z", "*", "active", "specific",
        new string('x', 300), new string('\u20ac', 2_000), new string('[', 200),
    ];

    private static readonly string[] Literals =
    [
        "null", "true", "false", "0", "-1", "1", "1e3", "1E400", "-0.0", "1.5", "9223372036854775807", "9223372036854775808", "170141183460469231731687303715884105728", "[]", "{}", "[[[[[[[[[[]]]]]]]]]]", """{"a":{"a":1,"a":2}}""",
        "\"\\ud800\"", "\"\\u0000\"", "\"\\uDC00\\uD800\"", "01", "NaN", "'a'", "\"unfinished", new string('[', 80), """{"type":"credit","wallet_id":"fuzz-0","amount":1,"asset":"FUZZ"}""",
    ];

    private readonly Random _random = new(seed);

    public bool Chance(double share) => _random.NextDouble() < share;

    public int Next(int below) => _random.Next(below);

    public T Of<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    public string Text() => Chance(0.1) ? Encoding.Latin1.GetString(Bytes(_random.Next(64))) : Of(Texts);

    /// <summary>A text that a client library lets through in a header.</summary>
    public string HeaderText() => new string([.. Text().Where(letter => letter is not ('\r' or '\n' or '\0'))]);

    /// <summary>Something where a JSON value is expected.</summary>
    public string Literal() => Chance(0.3) ? System.Text.Json.JsonSerializer.Serialize(Text()) : Of(Literals);

    public long Number() => Of<long>([0, 1, -1, 2, 60, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, _random.NextInt64()]);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    public string Name(string prefix, int count) => prefix + _random.Next(count).ToString(CultureInfo.InvariantCulture);

    /// <summary>One to four small damages.</summary>
    public byte[] Damage(byte[] whole)
    {
        var bytes = whole.ToList();
        for (var edits = 1 + _random.Next(4); edits > 0; edits--)
        {
            var (at, length) = (_random.Next(bytes.Count + 1), Math.Min(_random.Next(1, 9), bytes.Count));
            switch (_random.Next(6))
            {
                case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
                case 1 when at < bytes.Count: bytes[at] = Of<byte>([0, 0xFF, 0x80, (byte)'"', (byte)'{', (byte)',']); break;
                case 2: bytes.RemoveRange(Math.Min(at, bytes.Count - length), length); break;
                case 3: bytes.InsertRange(at, Bytes(length)); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(Math.Min(at, bytes.Count - length), length)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }
}
