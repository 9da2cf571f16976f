namespace PhoenixCore.Journal.Tests;

/// <summary>A directory of its own, removed at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("phoenix-journal-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
