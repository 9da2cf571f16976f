using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal;

/// <summary>Takes the end of a journal at rest away: a copy whose last records never became part of the history that the other copies have.</summary>
/// <remarks>What is taken away is kept aside in quarantine files. Cut short at any call, the journal is whole, with its old end or the new one or one in between: cut again.</remarks>
public static unsafe class JournalTail
{
    private const int CopyBytes = 1 << 20;

    /// <summary>Cuts behind a sequence.</summary>
    /// <param name="after">The last sequence that stays, the last of a group; 0 = none stays.</param>
    /// <returns>Records and bytes that were taken away, and the files that hold them now.</returns>
    /// <exception cref="JournalLockedException">The directory is open elsewhere.</exception>
    /// <exception cref="JournalDamagedException">The journal's end is damaged; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">No group ends with that sequence; nothing was changed.</exception>
    public static CutTail Cut(IJournalStorage storage, Guid shard, ulong after)
    {
        var (cut, last) = Find(storage, shard, after);
        if (after >= last)
            return new CutTail(0, 0, []);
        if (after != 0 && cut?.Sequence != after)
            throw new InvalidOperationException($"no group of the journal ends with sequence {after}");
        using var held = storage.Lock(FileNames.Lock);
        var (segment, from) = cut is { } found ? (found.Segment, found.Bytes) : (0UL, 0L);
        var behind = Behind(storage, segment);
        var kept = new List<string>();
        var bytes = segment == 0 ? 0 : Quarantine(storage, segment, from, after, kept);
        foreach (var number in behind)
            bytes += Quarantine(storage, number, 0, after, kept);
        storage.SyncDirectory();
        Remove(storage, segment, behind, after);
        if (segment != 0)
        {
            using var file = storage.Open(FileNames.Segment(segment), JournalFileMode.ReadWrite);
            file.Truncate(from);
            file.Sync();
        }
        return new CutTail(last - after, bytes, kept);
    }

    private static (JournalCut? Cut, ulong Last) Find(IJournalStorage storage, Guid shard, ulong after)
    {
        using var archive = JournalArchive.Open(storage, shard);
        return (after == 0 ? null : archive.FindCut(after), archive.Report.LastSequence);
    }

    private static List<ulong> Behind(IJournalStorage storage, ulong segment) =>
        [.. storage.List().Select(name => FileNames.TryParseSegment(name, out var number) ? number : 0).Where(number => number > segment).OrderDescending()];

    /// <summary>The witness of the old end goes first, then segments from the last one on, so that what is left is a journal at each moment.</summary>
    private static void Remove(IJournalStorage storage, ulong segment, List<ulong> behind, ulong after)
    {
        if (storage.Exists(FileNames.Control))
            storage.Delete(FileNames.Control);
        foreach (var name in storage.List())
        {
            if (FileNames.TryParseKeyRun(name, out _, out var last) && last > after)
                storage.Delete(name);
        }
        storage.SyncDirectory();
        foreach (var number in segment == 0 ? behind : [.. behind, segment])
        {
            if (storage.Exists(FileNames.Index(number)))
                storage.Delete(FileNames.Index(number));
            if (number != segment)
                storage.Delete(FileNames.Segment(number));
            storage.SyncDirectory();
        }
    }

    /// <returns>Bytes with something in them; a segment that was only prepared has none and is not kept.</returns>
    private static long Quarantine(IJournalStorage storage, ulong segment, long from, ulong after, List<string> kept)
    {
        using var source = storage.Open(FileNames.Segment(segment), JournalFileMode.Read);
        var end = EndOf(source, from == 0 ? Page.Size : from);
        if (end <= from)
            return 0;
        var name = FileNames.Quarantine(segment, from, after);
        using (var target = storage.Open(name + FileNames.Unfinished, JournalFileMode.Create))
        {
            Copy(source, target, from, end);
            target.Sync();
        }
        storage.Rename(name + FileNames.Unfinished, name);
        kept.Add(name);
        return end - from;
    }

    /// <summary>Behind the last page that is not all zeros; the start itself when there is none.</summary>
    private static long EndOf(IJournalFile file, long from)
    {
        var buffer = new byte[CopyBytes];
        var end = 0L;
        fixed (byte* memory = buffer)
        {
            for (var at = from; at < file.Length; at += CopyBytes)
            {
                var got = file.Read(at, memory, CopyBytes);
                var last = buffer.AsSpan(0, got).LastIndexOfAnyExcept((byte)0);
                if (last >= 0)
                    end = Page.RoundUp(at + last + 1);
            }
        }
        return Math.Min(end, file.Length);
    }

    private static void Copy(IJournalFile source, IJournalFile target, long from, long end)
    {
        var buffer = System.Runtime.InteropServices.NativeMemory.AlignedAlloc(CopyBytes, Page.Size);
        try
        {
            for (var at = from; at < end; at += CopyBytes)
            {
                var wanted = (int)Math.Min(CopyBytes, end - at);
                if (source.Read(at, (byte*)buffer, wanted) < wanted)
                    throw new JournalIoException("pread", source.Name, at, 0);
                target.Write(at - from, (byte*)buffer, wanted);
            }
        }
        finally
        {
            System.Runtime.InteropServices.NativeMemory.AlignedFree(buffer);
        }
    }
}
