namespace PhoenixCore.Grpc.Protocol;

/// <summary>The value of <c>grpc-timeout</c>: one to eight digits and a unit, one of H M S m u n.</summary>
internal static class GrpcTimeout
{
    private const int DigitsMax = 8;

    internal static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > DigitsMax + 1) return false;

        long value = 0;
        foreach (var c in text[..^1])
        {
            if (!char.IsAsciiDigit(c)) return false;
            value = value * 10 + (c - '0');
        }

        switch (text[^1])
        {
            case 'H': timeout = TimeSpan.FromHours(value); return true;
            case 'M': timeout = TimeSpan.FromMinutes(value); return true;
            case 'S': timeout = TimeSpan.FromSeconds(value); return true;
            case 'm': timeout = TimeSpan.FromMilliseconds(value); return true;
            case 'u': timeout = TimeSpan.FromMicroseconds(value); return true;
            case 'n': timeout = TimeSpan.FromTicks((value + 99) / 100); return true; // A tick is 100 ns; round up, so that 1n is not "already over".
            default: return false;
        }
    }
}
