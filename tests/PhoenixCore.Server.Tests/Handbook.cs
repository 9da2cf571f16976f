using System.Runtime.CompilerServices;

namespace PhoenixCore.Server.Tests;

/// <summary>The operator's handbook in the repository.</summary>
internal static class Handbook
{
    public static string Path { get; } = Root("src", "docs", "OPERATING.md");

    /// <summary>A place in the repository.</summary>
    public static string Root(params string[] parts) => System.IO.Path.GetFullPath(System.IO.Path.Combine([Here(), "..", "..", .. parts]));

    private static string Here([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;
}
