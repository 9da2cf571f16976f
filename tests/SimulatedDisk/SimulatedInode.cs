using System.Collections;

namespace PhoenixCore.Journal.Simulation;

/// <summary>A file's content as the cache shows it, with what the disk holds where that differs.</summary>
internal sealed class SimulatedInode
{
    public const int SectorBytes = 512;
    private const int PageBytes = 4096;
    private static readonly byte[] ZeroSector = new byte[SectorBytes];

    /// <summary>Pages that ever held anything but zeros: the others need neither clearing nor remembering.</summary>
    private BitArray _touched = new(1);

    /// <summary>Pinned, so that mappings are pointers into it.</summary>
    public byte[] Cache { get; private set; } = SimulatedMemory.Rent(PageBytes);

    public long Length { get; set; }

    public long DurableLength { get; set; }

    /// <summary>Sectors written and not synced: what the disk still holds.</summary>
    public Dictionary<int, byte[]> Dirty { get; } = [];

    /// <summary>Sectors that the cache calls clean although the disk holds something else: a failed sync left them.</summary>
    public Dictionary<int, byte[]> Stale { get; } = [];

    /// <summary>Sectors that the disk cannot read.</summary>
    public HashSet<int> Unreadable { get; } = [];

    public bool ErrorPending { get; set; }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Grow(offset + bytes.Length);
        var isZero = !bytes.ContainsAnyExcept((byte)0);
        for (var at = offset; at < offset + bytes.Length;)
        {
            var page = (int)(at / PageBytes);
            var end = Math.Min((page + 1L) * PageBytes, offset + bytes.Length);
            if (!isZero || _touched[page])
            {
                MarkDirty(at, end);
                _touched[page] = true;
                bytes[(int)(at - offset)..(int)(end - offset)].CopyTo(Cache.AsSpan((int)at));
            }

            at = end;
        }

        Length = Math.Max(Length, offset + bytes.Length);
    }

    public void Read(long offset, Span<byte> into)
    {
        for (var at = offset; at < offset + into.Length;)
        {
            var page = (int)(at / PageBytes);
            var end = Math.Min((page + 1L) * PageBytes, offset + into.Length);
            var part = into[(int)(at - offset)..(int)(end - offset)];
            if (_touched[page]) Cache.AsSpan((int)at, part.Length).CopyTo(part);
            else part.Clear();
            at = end;
        }
    }

    public void Truncate(long length)
    {
        Grow(length);
        if (length < Length)
        {
            var from = (length + SectorBytes - 1) / SectorBytes * SectorBytes;
            for (var at = from; at < Length;)
            {
                var end = Math.Min((at / PageBytes * PageBytes) + PageBytes, Length);
                if (_touched[(int)(at / PageBytes)]) MarkDirty(at, end);
                at = end;
            }

            Cache.AsSpan((int)length, (int)(Length - length)).Clear();
        }

        Length = length;
    }

    public void Sync()
    {
        Dirty.Clear();
        Unreadable.Clear(); // what is written anew is readable again; coarse, and never hides an error from a reader that came before
        DurableLength = Length;
    }

    public void FailSync(SyncFailure failure)
    {
        foreach (var (sector, old) in Dirty)
        {
            if (failure == SyncFailure.CacheReverted)
                old.CopyTo(SectorOf(sector));
            else
                Stale[sector] = old;
        }
        Dirty.Clear();
        ErrorPending = failure == SyncFailure.ReportedLate;
    }

    /// <summary>The kernel writes back when it likes: some dirty sectors are on the disk now.</summary>
    public void WriteBack(Random random)
    {
        foreach (var sector in Dirty.Keys.ToArray())
        {
            if (random.Next(2) == 0)
                Dirty.Remove(sector);
        }
    }

    /// <summary>The clean part of the cache is read from the disk again.</summary>
    public void DropCache()
    {
        foreach (var (sector, old) in Stale)
            old.CopyTo(SectorOf(sector));
        Stale.Clear();
    }

    /// <summary>Whether a read would meet a sector that the disk cannot give.</summary>
    public bool IsUnreadable(long offset, int bytes)
    {
        foreach (var sector in Unreadable)
        {
            if (((long)sector + 1) * SectorBytes > offset && (long)sector * SectorBytes < offset + bytes)
                return true;
        }
        return false;
    }

    /// <summary>The bytes as the cache has them.</summary>
    public ReadOnlySpan<byte> Peek() => Cache.AsSpan(0, (int)Length);

    /// <summary>The bytes, for whoever may change them without telling.</summary>
    public Span<byte> Raw()
    {
        for (var page = 0; (long)page * PageBytes < Length; page++)
            _touched[page] = true;
        return Cache.AsSpan(0, (int)Length);
    }

    /// <summary>Changes bytes in cache and disk alike, behind everybody's back.</summary>
    public void Damage(long offset, ReadOnlySpan<byte> bytes)
    {
        for (var page = (int)(offset / PageBytes); (long)page * PageBytes < offset + bytes.Length; page++)
            _touched[page] = true;
        for (var sector = (int)((offset + SectorBytes - 1) / SectorBytes); ((long)sector + 1) * SectorBytes <= offset + bytes.Length; sector++)
            Stale.Remove(sector); // the disk has these bytes now, whatever a sync left undone before
        bytes.CopyTo(Cache.AsSpan((int)offset));
    }

    /// <summary>Becomes what is on the disk after a power cut.</summary>
    public void LosePower(CrashOutcome outcome, Random random)
    {
        DropCache();
        foreach (var (sector, old) in Dirty.OrderBy(pair => pair.Key))
        {
            var kept = outcome switch
            {
                CrashOutcome.NothingKept => 0,
                CrashOutcome.EverythingKept => SectorBytes,
                CrashOutcome.EachForItself => random.Next(4) switch { 0 => random.Next(SectorBytes), 1 => 0, _ => SectorBytes },
            };
            old.AsSpan(kept).CopyTo(SectorOf(sector)[kept..]);
            if (outcome == CrashOutcome.EachForItself && random.Next(16) == 0)
                SectorOf(sector).Clear(); // a sector that was being written when the power went
        }
        Dirty.Clear();
        ErrorPending = false;
        var keepsLength = outcome == CrashOutcome.EverythingKept || (outcome == CrashOutcome.EachForItself && random.Next(2) == 0);
        var length = keepsLength ? Length : DurableLength;
        Grow(length);
        if (length < Cache.Length)
            ClearBehind(length);
        Length = DurableLength = length;
    }

    public SimulatedInode Clone()
    {
        var copy = new SimulatedInode();
        copy.Grow(Cache.Length);
        for (var page = 0; page < _touched.Length; page++)
        {
            if (_touched[page])
                Cache.AsSpan(page * PageBytes, PageBytes).CopyTo(copy.Cache.AsSpan(page * PageBytes));
        }
        copy._touched = new BitArray(_touched);
        copy.Length = Length;
        copy.DurableLength = DurableLength;
        foreach (var (sector, old) in Dirty)
            copy.Dirty[sector] = old;
        foreach (var (sector, old) in Stale)
            copy.Stale[sector] = old;
        copy.Unreadable.UnionWith(Unreadable);
        return copy;
    }

    /// <summary>Gives its memory back; nobody may look at it any more.</summary>
    public void Recycle()
    {
        for (var page = 0; page < _touched.Length; page++)
        {
            if (_touched[page])
                Cache.AsSpan(page * PageBytes, PageBytes).Clear();
        }
        SimulatedMemory.Return(Cache);
        Cache = [];
    }

    private void ClearBehind(long length)
    {
        for (var page = (int)(length / PageBytes); page < _touched.Length; page++)
        {
            if (_touched[page])
                Cache.AsSpan((int)Math.Max(length, (long)page * PageBytes)..((page + 1) * PageBytes)).Clear();
        }
    }

    private void MarkDirty(long from, long to)
    {
        var untouched = !_touched[(int)(from / PageBytes)];
        for (var sector = (int)(from / SectorBytes); (long)sector * SectorBytes < to; sector++)
        {
            if (Dirty.ContainsKey(sector))
                continue;
            Dirty[sector] = Stale.Remove(sector, out var old) ? old : untouched ? ZeroSector : SectorOf(sector).ToArray();
        }
    }

    private Span<byte> SectorOf(int sector) => Cache.AsSpan(sector * SectorBytes, SectorBytes);

    private void Grow(long length)
    {
        if (length <= Cache.Length)
            return;
        var larger = SimulatedMemory.Rent((int)Math.Max((length + PageBytes - 1) / PageBytes * PageBytes, Cache.Length * 2));
        Cache.CopyTo(larger.AsSpan());
        Cache = larger;
        _touched.Length = larger.Length / PageBytes;
    }
}
