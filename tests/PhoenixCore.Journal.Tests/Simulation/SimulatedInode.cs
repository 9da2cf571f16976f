namespace PhoenixCore.Journal.Simulation;

/// <summary>A file's content as the cache shows it, with what the disk holds where that differs.</summary>
internal sealed class SimulatedInode
{
    public const int SectorBytes = 512;

    /// <summary>Pinned, so that mappings are pointers into it.</summary>
    public byte[] Cache { get; private set; } = GC.AllocateArray<byte>(SectorBytes, pinned: true);

    public long Length { get; set; }

    public long DurableLength { get; set; }

    /// <summary>Sectors written and not synced: what the disk still holds.</summary>
    public Dictionary<int, byte[]> Dirty { get; } = [];

    /// <summary>Sectors that the cache calls clean although the disk holds something else: a failed sync left them.</summary>
    public Dictionary<int, byte[]> Stale { get; } = [];

    public bool ErrorPending { get; set; }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Grow(offset + bytes.Length);
        for (var sector = (int)(offset / SectorBytes); (long)sector * SectorBytes < offset + bytes.Length; sector++)
        {
            if (Dirty.ContainsKey(sector))
                continue;
            Dirty[sector] = Stale.Remove(sector, out var old) ? old : SectorOf(sector).ToArray();
        }
        bytes.CopyTo(Cache.AsSpan((int)offset));
        Length = Math.Max(Length, offset + bytes.Length);
    }

    public void Truncate(long length)
    {
        Grow(length);
        if (length < Length)
        {
            for (var sector = (int)((length + SectorBytes - 1) / SectorBytes); (long)sector * SectorBytes < Length; sector++)
                if (!Dirty.ContainsKey(sector))
                    Dirty[sector] = Stale.Remove(sector, out var old) ? old : SectorOf(sector).ToArray();
            Cache.AsSpan((int)length, (int)(Length - length)).Clear();
        }
        Length = length;
    }

    public void Sync()
    {
        Dirty.Clear();
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

    /// <summary>The clean part of the cache is read from the disk again.</summary>
    public void DropCache()
    {
        foreach (var (sector, old) in Stale)
            old.CopyTo(SectorOf(sector));
        Stale.Clear();
    }

    /// <summary>What is on the disk after a power cut.</summary>
    public SimulatedInode AfterCrash(CrashOutcome outcome, Random random)
    {
        var after = new SimulatedInode();
        after.Grow(Cache.Length);
        Cache.CopyTo(after.Cache.AsSpan());
        foreach (var (sector, old) in Stale)
            old.CopyTo(after.SectorOf(sector));
        foreach (var (sector, old) in Dirty)
        {
            var kept = outcome switch
            {
                CrashOutcome.NothingKept => 0,
                CrashOutcome.EverythingKept => SectorBytes,
                CrashOutcome.EachForItself => random.Next(4) switch { 0 => random.Next(SectorBytes), 1 => 0, _ => SectorBytes },
            };
            old.AsSpan(kept).CopyTo(after.SectorOf(sector)[kept..]);
        }
        var keepsLength = outcome == CrashOutcome.EverythingKept || (outcome == CrashOutcome.EachForItself && random.Next(2) == 0);
        after.Length = after.DurableLength = keepsLength ? Length : DurableLength;
        after.Cache.AsSpan((int)after.Length).Clear();
        return after;
    }

    public SimulatedInode Clone()
    {
        var copy = new SimulatedInode();
        copy.Grow(Cache.Length);
        Cache.CopyTo(copy.Cache.AsSpan());
        copy.Length = Length;
        copy.DurableLength = DurableLength;
        foreach (var (sector, old) in Dirty)
            copy.Dirty[sector] = old;
        foreach (var (sector, old) in Stale)
            copy.Stale[sector] = old;
        return copy;
    }

    private Span<byte> SectorOf(int sector) => Cache.AsSpan(sector * SectorBytes, SectorBytes);

    private void Grow(long length)
    {
        if (length <= Cache.Length)
            return;
        var larger = GC.AllocateArray<byte>((int)Math.Max((length + SectorBytes - 1) / SectorBytes * SectorBytes, Cache.Length * 2), pinned: true);
        Cache.CopyTo(larger.AsSpan());
        Cache = larger;
    }
}
