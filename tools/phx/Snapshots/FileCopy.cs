using System.Runtime.InteropServices;
using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Snapshots;

/// <summary>Copies files of one directory into another so that they are durable before the copy counts.</summary>
internal sealed unsafe class FileCopy(IJournalStorage target)
{
    private const int PieceBytes = 1 << 20;
    private long _copied;

    /// <summary>Any thread.</summary>
    public long Copied => Volatile.Read(ref _copied);

    /// <param name="bytesMax">The file's beginning is enough.</param>
    public void Take(IJournalStorage source, string name, long bytesMax)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc(PieceBytes, 4_096);
        try
        {
            using var from = source.Open(name, JournalFileMode.Read);
            using var to = target.Open(name, JournalFileMode.Create);
            var length = Math.Min(bytesMax, from.Length);
            for (long at = 0; at < length;)
            {
                var wanted = (int)Math.Min(PieceBytes, length - at);
                var bytes = from.Read(at, memory, wanted);
                if (bytes != wanted) throw new JournalIoException("pread", name, at + bytes, 0);
                to.Write(at, memory, bytes);
                at += bytes;
                Volatile.Write(ref _copied, _copied + bytes);
            }

            to.Sync();
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    public void Finish() => target.SyncDirectory();
}
