using System.Runtime.InteropServices;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Slots;

/// <summary>The highest epoch ever given out here. Raised before the first group of an epoch, durable before it is used.</summary>
internal static unsafe class EpochFile
{
    /// <summary>Reads from the device.</summary>
    /// <returns>Null when there is no file or neither slot is readable.</returns>
    public static (ulong Epoch, Guid Shard)? Read(IJournalStorage storage)
    {
        if (!storage.Exists(FileNames.Epoch))
            return null;
        var page = (byte*)NativeMemory.AlignedAlloc(Page.Size, Page.Size);
        try
        {
            using var file = storage.Open(FileNames.Epoch, JournalFileMode.ReadWrite);
            file.Sync();
            file.DropCache();
            (ulong, Guid)? best = null;
            for (var slot = 0; slot < 2; slot++)
            {
                if (file.Read(slot * Page.Size, page, Page.Size) != Page.Size || !EpochSlot.IsReadable(page))
                    continue;
                var found = ((EpochSlot*)page)->Epoch;
                if (best is null || found > best.Value.Item1)
                    best = (found, ((EpochSlot*)page)->Shard);
            }
            return best;
        }
        finally
        {
            NativeMemory.AlignedFree(page);
        }
    }

    /// <summary>Makes the file of a new journal, holding epoch 0.</summary>
    public static void Create(IJournalStorage storage, Guid shard)
    {
        var page = (byte*)NativeMemory.AlignedAlloc(Page.Size, Page.Size);
        try
        {
            EpochSlot.Write(page, shard, 0);
            SlotFile.Create(storage, FileNames.Epoch, page);
        }
        finally
        {
            NativeMemory.AlignedFree(page);
        }
    }

    /// <summary>Writes a larger epoch over the older slot and syncs it.</summary>
    public static void Raise(IJournalStorage storage, Guid shard, ulong epoch, ulong newest)
    {
        var page = (byte*)NativeMemory.AlignedAlloc(Page.Size, Page.Size);
        try
        {
            using var file = storage.Open(FileNames.Epoch, JournalFileMode.ReadWrite);
            var older = SlotOf(file, newest, page) == 0 ? 1 : 0;
            EpochSlot.Write(page, shard, epoch);
            file.Write(older * Page.Size, page, Page.Size);
            file.Sync();
        }
        finally
        {
            NativeMemory.AlignedFree(page);
        }
    }

    private static int SlotOf(IJournalFile file, ulong epoch, byte* page)
    {
        var got = file.Read(Page.Size, page, Page.Size);
        return got == Page.Size && EpochSlot.IsReadable(page) && ((EpochSlot*)page)->Epoch == epoch ? 1 : 0;
    }
}
