using System.Diagnostics;
using Xunit;

namespace PhoenixCore.Grpc.Tests;

/// <summary>Waits for what another thread is about to do; fails after ten seconds.</summary>
public static class Eventually
{
    public static async Task IsTrueAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "the condition did not come true in time");
            await Task.Delay(10);
        }
    }
}
