using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Journal.Recovery;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.SideIndex;

namespace PhoenixCore.Journal;

/// <summary>A journal at rest, opened for questions: verifies its last segments, trusts side indexes for the rest, changes nothing. It must not be open elsewhere.</summary>
public sealed class JournalArchive : IDisposable
{
    private readonly IDisposable _lock;
    private readonly SegmentMaps _maps;
    private readonly IndexShelf _shelf;
    private readonly SegmentCatalog _catalog;
    private readonly Guid _shard;

    private JournalArchive(IDisposable held, SegmentMaps maps, IndexShelf shelf, SegmentCatalog catalog, Guid shard, JournalReader reader, bool isIndexed, RecoveryReport report)
    {
        (_lock, _maps, _shelf, _catalog, _shard, Reader, IsIndexed, Report) = (held, maps, shelf, catalog, shard, reader, isIndexed, report);
    }

    /// <summary>Records and side indexes; every record that is shown is checked.</summary>
    public JournalReader Reader { get; }

    /// <summary>Every segment but the last has its side index.</summary>
    public bool IsIndexed { get; }

    /// <summary>The journal's end, and what the scan of the last segments found.</summary>
    public RecoveryReport Report { get; }

    /// <exception cref="JournalDamagedException">The end of the journal is damaged: a writable opening would refuse too.</exception>
    /// <exception cref="JournalLockedException">The directory is open elsewhere.</exception>
    public static JournalArchive Open(IJournalStorage storage, Guid shard)
    {
        var held = storage.Lock(FileNames.Lock);
        var maps = new SegmentMaps(storage);
        try
        {
            var options = new JournalOptions { ShardId = shard, OwnThreads = false, ReplayAfter = BeforeLastSegment(storage, shard) };
            var recovery = new JournalRecovery(storage, options, visitor: null);
            var report = recovery.Run(wantDirectories: true);
            var catalog = CatalogFill.From(storage, options, recovery);
            var shelf = new IndexShelf(storage, options, indexer: null, catalog, maps);
            var reader = new JournalReader(options, catalog, maps, shelf, new DurableEnd(report.LastSequence), new JournalMeters());
            var isIndexed = catalog.All is [.., var last] && shelf.IndexedThrough + 1 >= last.FirstSequence;
            return new JournalArchive(held, maps, shelf, catalog, shard, reader, isIndexed, report);
        }
        catch
        {
            maps.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Where a copy of the journal may end so that it holds no record behind a sequence: behind a whole group.</summary>
    /// <param name="sequence">At most <see cref="RecoveryReport.LastSequence"/>.</param>
    /// <returns>Null when no group ends at or before it.</returns>
    public unsafe JournalCut? FindCut(ulong sequence)
    {
        JournalCut? cut = null;
        foreach (var entry in _catalog.All)
        {
            if (entry.FirstSequence > sequence)
                break;
            var map = _maps.Acquire(entry);
            try
            {
                var walk = new GroupWalk(map.Address, entry.ValidEnd, _shard, entry.Number);
                while (walk.TryNext(out var group) && group->LastSequence <= sequence)
                    cut = new JournalCut(entry.Number, walk.Offset + group->FramedBytes, group->LastSequence);
            }
            finally
            {
                map.Release();
            }
        }
        return cut;
    }

    public void Dispose()
    {
        _shelf.Dispose();
        _maps.Dispose();
        _lock.Dispose();
    }

    /// <summary>The position before the last segment that holds a group; null = scan from the very beginning.</summary>
    private static unsafe JournalPosition? BeforeLastSegment(IJournalStorage storage, Guid shard)
    {
        GroupHeader header;
        foreach (var name in storage.List().OrderDescending(StringComparer.Ordinal))
        {
            if (!FileNames.TryParseSegment(name, out var number))
                continue;
            using var file = storage.Open(name, JournalFileMode.Read);
            if (file.Read(Page.Size, (byte*)&header, GroupHeader.Size) < GroupHeader.Size || !GroupHeader.StandsAt(&header, shard, number, Page.Size))
                continue;
            return header.FirstSequence > 1 ? new JournalPosition(header.FirstSequence - 1, header.ChainBefore) : null;
        }
        return null;
    }
}
