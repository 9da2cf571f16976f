using System.Diagnostics;
using Xunit;

namespace PhoenixCore.Wire.Tests.Clients;

/// <summary>Builds the TypeScript SDK and runs its own tests, the product's betting flow among them, against a real server.</summary>
public sealed class TypeScriptSdkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [ForeignClientFact("typescript")]
    public async Task The_typescript_sdk_builds_and_passes_its_tests()
    {
        var compiler = Path.Combine("node_modules", "typescript", "bin", "tsc");
        await RunAsync(null, compiler, "-p", "tsconfig.json");
        await RunAsync(null, compiler, "-p", "tsconfig.test.json");
        await using var server = await ServerProcess.StartAsync();
        var output = await RunAsync(server.Rest, "--test", "--test-reporter=tap", Path.Combine("dist-test", "test", "sdk.test.js"));
        Assert.Matches("# pass [1-9]", output);
        Assert.Contains("# fail 0", output, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(Uri? server, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = ForeignClientFactAttribute.TypeScriptSdk, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["PHOENIX_URL"], start.Environment["PHOENIX_API_KEY"]) = (server?.ToString(), ServerProcess.Key);
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
        Assert.True(process.ExitCode == 0, await output + await errors);
        return await output;
    }
}
