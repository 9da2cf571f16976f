using System.Text;

namespace PhoenixCore.Grpc.Protocol;

/// <summary>The encoding of <c>grpc-message</c>: UTF-8, with every byte outside 0x20..0x7E, and '%', as %XX.</summary>
internal static class PercentEncoding
{
    internal static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%', StringComparison.Ordinal)) return text;

        var encoded = new StringBuilder(text.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%') encoded.Append((char)b);
            else encoded.Append('%').Append(Convert.ToHexString([b]));
        }

        return encoded.ToString();
    }
}
