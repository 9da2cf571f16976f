using System.Diagnostics;
using Xunit;

namespace PhoenixCore.Wire.Tests;

/// <summary>The betting flow by clients that others wrote.</summary>
public sealed class ForeignClientTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [ForeignClientFact("node")]
    public Task Node_plays_the_betting_flow() => PlayAsync("node", "node/betting.js");

    [ForeignClientFact("python")]
    public Task Python_plays_the_betting_flow() => PlayAsync("/usr/bin/python3", "python/betting.py");

    private async Task PlayAsync(string program, string script)
    {
        var address = $"{fixture.Server.Address.Host}:{fixture.Server.Address.Port}";
        var start = new ProcessStartInfo(program, [Path.Combine(ForeignClientFactAttribute.Interop, script), address, WireServer.Key])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal("betting flow ok", (await output).Trim());
    }
}
