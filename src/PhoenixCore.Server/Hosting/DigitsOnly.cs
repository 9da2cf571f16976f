using System.Text;

namespace PhoenixCore.Server.Hosting;

/// <summary>Reads a header's bytes as digits; any other byte becomes a letter, so that what parses numbers behind it refuses the whole.</summary>
/// <remarks>
/// Kestrel hands a header to an encoding before it parses it. By itself it takes <c>+19</c> for a Content-Length, which a proxy in front may read
/// as none: two ideas of where a request ends let one be smuggled inside another. Test: <c>FramingTests</c>.
/// </remarks>
internal sealed class DigitsOnly : Encoding
{
    public static readonly DigitsOnly Instance = new();
    private const char NoDigit = 'x';

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var i = 0; i < byteCount; i++) chars[charIndex + i] = char.IsAsciiDigit((char)bytes[byteIndex + i]) ? (char)bytes[byteIndex + i] : NoDigit;
        return byteCount;
    }

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        for (var i = 0; i < charCount; i++) bytes[byteIndex + i] = (byte)chars[charIndex + i];
        return charCount;
    }
}
