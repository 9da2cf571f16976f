using System.Text;
using PhoenixCore.Journal;

namespace PhoenixCore.Server.Hosting;

/// <summary>Small files that are there whole or not at all: written aside, synced, renamed, and the directory synced.</summary>
public static unsafe class DurableFile
{
    private const string Aside = ".new";

    private static long _writes;

    /// <summary>How many were written by this process: who copies them looks again when it has grown.</summary>
    public static long Writes => Interlocked.Read(ref _writes);

    /// <summary>Null when there is no such file.</summary>
    /// <exception cref="JournalIoException">The system refused to read it.</exception>
    public static string? ReadText(IJournalStorage storage, string name)
    {
        if (!storage.Exists(name)) return null;
        using var file = storage.Open(name, JournalFileMode.Read);
        var bytes = new byte[file.Length];
        fixed (byte* start = bytes)
        {
            var read = bytes.Length == 0 ? 0 : file.Read(0, start, bytes.Length);
            return Encoding.UTF8.GetString(bytes.AsSpan(0, read));
        }
    }

    /// <summary>Returns when no crash can take the new content back.</summary>
    /// <exception cref="JournalIoException">The old content, if any, may still be there.</exception>
    public static void WriteText(IJournalStorage storage, string name, string text) => WriteBytes(storage, name, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="WriteText"/>
    public static void WriteBytes(IJournalStorage storage, string name, ReadOnlySpan<byte> bytes)
    {
        using (var file = storage.Open(name + Aside, JournalFileMode.Create))
        {
            fixed (byte* start = bytes) file.Write(0, start, bytes.Length);
            file.Sync();
        }

        storage.Rename(name + Aside, name);
        storage.SyncDirectory();
        Interlocked.Increment(ref _writes);
    }
}
