using System.Diagnostics;

namespace PhoenixCore.Faults.Tests;

/// <summary>The library that makes storage calls fail, compiled once for this run.</summary>
internal static class Shim
{
    private static readonly string[] Compilers = ["gcc", "cc"];
    private static readonly Lazy<string> Compiled = new(Compile);

    /// <summary>Why the shim cannot be had here; null when it can.</summary>
    public static string? Missing { get; } = !OperatingSystem.IsLinux() ? "the shim is for Linux" : Compiler == null ? "no C compiler (gcc or cc) to build the fault shim with" : null;

    /// <summary>Path of the compiled library.</summary>
    public static string Path => Compiled.Value;

    private static string? Compiler => Compilers.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private static string Compile()
    {
        var folder = Directory.CreateTempSubdirectory("phoenix-shim-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var library = System.IO.Path.Combine(folder, "shim.so");
        string[] arguments = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, System.IO.Path.Combine(AppContext.BaseDirectory, "shim.c"), "-ldl"];
        using var compiler = Process.Start(new ProcessStartInfo(Compiler!, arguments) { RedirectStandardError = true })!;
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, $"the shim does not compile: {errors}");
        return library;
    }
}
