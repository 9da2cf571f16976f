using PhoenixCore.Tools.Rendering;

namespace PhoenixCore.Tools.Tests;

public class StampTests
{
    [Theory]
    [InlineData("2026-01-31T13:59:00Z", 1_769_867_940_000_000_000)]
    [InlineData("2026-01-31T13:59:00.000000001Z", 1_769_867_940_000_000_001)]
    [InlineData("2026-01-31T14:59:00.5+01:00", 1_769_867_940_500_000_000)]
    [InlineData("2026-01-31T13:59:00", 1_769_867_940_000_000_000)]
    [InlineData("2026-01-31 13:59:00", 1_769_867_940_000_000_000)]
    [InlineData("2026-01-31", 1_769_817_600_000_000_000)]
    public void Iso_times_are_read_to_the_nanosecond(string text, long expected)
    {
        Assert.True(Stamp.TryParse(text, out var nanoseconds));
        Assert.Equal(expected, nanoseconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_769_867_940_123_456_789)]
    [InlineData(999_999_999)]
    public void What_is_written_is_read_back(long nanoseconds)
    {
        Assert.True(Stamp.TryParse(Stamp.Format(nanoseconds), out var again));
        Assert.Equal(nanoseconds, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("2026-13-01")]
    [InlineData("2026-01-31T13:59:00.1234567890Z")]
    [InlineData("2026-01-31T13:59:00.Z")]
    [InlineData("1960-01-01")]
    [InlineData("9999-01-01")]
    public void Anything_else_is_no_time(string text) => Assert.False(Stamp.TryParse(text, out _));
}
