namespace PhoenixCore.Faults.Tests;

/// <summary>A directory that goes with its test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("phoenix-faults-").FullName;

    /// <summary>Of the journal; not made yet.</summary>
    public string Data => Path.Combine(_path, "data");

    /// <summary>Of the shim's log.</summary>
    public string Log => Path.Combine(_path, "calls");

    public string Root => _path;

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
