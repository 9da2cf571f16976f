using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Data;

/// <summary>A directory that cannot be changed through this: inspection opens some files for writing only because a server would.</summary>
/// <remarks>The lock is taken where there is a lock file; a copy without one has no server that could hold it, and making one would be a change.</remarks>
internal sealed class ReadOnlyStorage(IJournalStorage inner) : IJournalStorage
{
    public string Description => inner.Description;

    public IDisposable Lock(string name) => inner.Exists(name) ? inner.Lock(name) : new NothingHeld();

    public IReadOnlyList<string> List() => inner.List();

    public bool Exists(string name) => inner.Exists(name);

    public IJournalFile Open(string name, JournalFileMode mode) => mode switch
    {
        JournalFileMode.Read or JournalFileMode.ReadDirect => inner.Open(name, mode),
        JournalFileMode.ReadWrite or JournalFileMode.ReadWriteDirect => inner.Open(name, JournalFileMode.Read),
        JournalFileMode.Create or JournalFileMode.CreateDirect => throw Refused(),
    };

    public void Rename(string from, string to) => throw Refused();

    public void Delete(string name) => throw Refused();

    public void SyncDirectory()
    {
        // Nothing was changed through here.
    }

    private static InvalidOperationException Refused() => new("An inspection tried to change the directory.");

    private sealed class NothingHeld : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
