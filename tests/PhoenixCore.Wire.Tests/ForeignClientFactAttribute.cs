using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace PhoenixCore.Wire.Tests;

/// <summary>A test that needs another language; skipped, and says so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForeignClientFactAttribute : FactAttribute
{
    /// <param name="client">"node", "typescript" or "python".</param>
    public ForeignClientFactAttribute(string client)
    {
        if (client == "node" && !Directory.Exists(Path.Combine(Interop, "node", "node_modules", "@grpc", "grpc-js")))
            Skip = "@grpc/grpc-js is not installed: run `npm install` in tests/interop/node";
        else if (client == "typescript" && !File.Exists(Path.Combine(TypeScriptSdk, "node_modules", "typescript", "bin", "tsc")))
            Skip = "typescript is not installed: run `npm install` in src/sdk-typescript";
        else if (client is "node" or "typescript" && !Runs("node", "--version"))
            Skip = "node is not installed";
        else if (client == "python" && !Runs("/usr/bin/python3", "-c", "import grpc, google.protobuf"))
            Skip = "grpcio is not installed: apt-get install python3-grpcio python3-protobuf";
        else if (client == "python" && !Runs("protoc", "--version"))
            Skip = "protoc is not installed: apt-get install protobuf-compiler";
    }

    /// <summary>The folder of the foreign clients.</summary>
    public static string Interop { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "interop"));

    public static string TypeScriptSdk { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", "src", "sdk-typescript"));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
