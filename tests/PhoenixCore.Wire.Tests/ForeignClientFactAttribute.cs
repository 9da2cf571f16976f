using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace PhoenixCore.Wire.Tests;

/// <summary>A test that needs another language's gRPC; skipped, and says so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForeignClientFactAttribute : FactAttribute
{
    /// <param name="client">"node" or "python".</param>
    public ForeignClientFactAttribute(string client)
    {
        if (client == "node" && !Directory.Exists(Path.Combine(Interop, "node", "node_modules", "@grpc", "grpc-js")))
            Skip = "@grpc/grpc-js is not installed: run `npm install` in tests/interop/node";
        else if (client == "node" && !Runs("node", "--version"))
            Skip = "node is not installed";
        else if (client == "python" && !Runs("/usr/bin/python3", "-c", "import grpc, google.protobuf"))
            Skip = "grpcio is not installed: apt-get install python3-grpcio python3-protobuf";
        else if (client == "python" && !Runs("protoc", "--version"))
            Skip = "protoc is not installed: apt-get install protobuf-compiler";
    }

    /// <summary>The folder of the foreign clients.</summary>
    public static string Interop { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "interop"));

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
