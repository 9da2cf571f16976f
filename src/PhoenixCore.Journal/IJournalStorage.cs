namespace PhoenixCore.Journal;

/// <summary>One directory. In production <see cref="PosixStorage"/>; tests put a disk there that forgets and fails.</summary>
/// <remarks>Names are plain file names. Every error of the system is a <see cref="JournalIoException"/>. Any thread.</remarks>
public interface IJournalStorage
{
    /// <summary>What to call the directory in messages.</summary>
    string Description { get; }

    /// <summary>Takes the directory for this process; disposing gives it back.</summary>
    /// <exception cref="JournalLockedException">It is taken, by another process or by this one.</exception>
    IDisposable Lock(string name);

    /// <summary>Names of the files there, in no order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Whether there is such a file.</summary>
    bool Exists(string name) => List().Contains(name);

    /// <summary>Opens a file, or makes a new one that replaces any of that name.</summary>
    IJournalFile Open(string name, JournalFileMode mode);

    /// <summary>Gives a file another name and takes the place of a file that had it. Durable after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file. Durable after <see cref="SyncDirectory"/>.</summary>
    void Delete(string name);

    /// <summary>Makes every creation, rename and removal so far durable.</summary>
    void SyncDirectory();
}
