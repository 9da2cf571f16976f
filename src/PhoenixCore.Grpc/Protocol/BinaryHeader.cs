namespace PhoenixCore.Grpc.Protocol;

/// <summary>Values of headers whose name ends in "-bin": base64, sent without padding, read with or without.</summary>
internal static class BinaryHeader
{
    internal const string Suffix = "-bin";

    internal static string Encode(ReadOnlySpan<byte> value) => Convert.ToBase64String(value).TrimEnd('=');

    internal static bool TryDecode(ReadOnlySpan<char> text, out byte[] value)
    {
        text = text.Trim().TrimEnd('=');
        Span<char> padded = stackalloc char[512];
        var length = (text.Length + 3) & ~3;
        if (length > padded.Length) padded = new char[length];

        text.CopyTo(padded);
        padded[text.Length..length].Fill('=');
        value = new byte[length / 4 * 3];
        var valid = Convert.TryFromBase64Chars(padded[..length], value, out var written);
        value = valid ? value[..written] : [];
        return valid;
    }
}
