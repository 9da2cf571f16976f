using System.Runtime.InteropServices;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Slots;

/// <summary>Makes a small file of two 4 KiB slots.</summary>
internal static unsafe class SlotFile
{
    public const int Bytes = 2 * Page.Size;

    /// <summary>Two slots of zeros, durable under their name: aside, synced, renamed, directory synced.</summary>
    public static void Create(IJournalStorage storage, string name, byte* firstSlot = null)
    {
        var zeros = (byte*)NativeMemory.AlignedAlloc(Bytes, Page.Size);
        try
        {
            new Span<byte>(zeros, Bytes).Clear();
            if (firstSlot is not null)
                Buffer.MemoryCopy(firstSlot, zeros, Page.Size, Page.Size);
            using (var file = storage.Open(name + FileNames.Unfinished, JournalFileMode.Create))
            {
                file.Write(0, zeros, Bytes);
                file.Sync();
            }
            storage.Rename(name + FileNames.Unfinished, name);
            storage.SyncDirectory();
        }
        finally
        {
            NativeMemory.AlignedFree(zeros);
        }
    }
}
