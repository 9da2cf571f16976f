using System.Runtime.InteropServices;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.Slots;

namespace PhoenixCore.Journal.Recovery;

/// <summary>What a writable opening changes on disk after recovery has accepted the journal. Safe to be cut short at any call and run again.</summary>
internal sealed unsafe class RecoveryRepair(IJournalStorage storage, JournalOptions options, JournalRecovery recovery)
{
    private readonly ScanOutcome _seen = recovery.Outcome;

    /// <summary>Removes what an earlier process had begun and not named yet.</summary>
    public static void RemoveUnfinished(IJournalStorage storage)
    {
        foreach (var name in storage.List())
        {
            if (name.EndsWith(FileNames.Unfinished, StringComparison.Ordinal))
                storage.Delete(name);
        }
    }

    /// <summary>Raises the epoch, quarantines and cuts a torn group, gives back the rest of the unfinished segment, drops unusable spares.</summary>
    public RecoveryReport Run(RecoveryReport report)
    {
        var epoch = RaiseEpoch(report.EpochFound);
        report = Quarantine(report with { Epoch = epoch });
        SealEnd();
        DropUnusable();
        return report;
    }

    private ulong RaiseEpoch(ulong found)
    {
        if (!recovery.HasEpochFile)
        {
            if (storage.Exists(FileNames.Epoch))
                storage.Delete(FileNames.Epoch);
            EpochFile.Create(storage, options.ShardId);
        }
        if (options.Follower)
            return found;
        var epoch = Math.Max(found, options.EpochFloor) + 1;
        EpochFile.Raise(storage, options.ShardId, epoch, recovery.EpochInFile);
        return epoch;
    }

    private RecoveryReport Quarantine(RecoveryReport report)
    {
        var torn = _seen.Segments.Find(segment => segment.File.Number >= _seen.EndSegment && segment.IsDirty);
        if (torn is null)
            return report;
        var from = torn.ValidEnd;
        var bytes = (int)(torn.DirtyTo - from);
        var name = FileNames.Quarantine(torn.File.Number, from, report.Epoch);
        Copy(torn.File.Number, from, bytes, name);
        return report with { CutBytes = bytes, QuarantineFile = name };
    }

    private void Copy(ulong segment, long from, int bytes, string name)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)Page.RoundUp(bytes), Page.Size);
        try
        {
            using (var source = BlockReader.OpenFromDevice(storage, segment))
            {
                if (source.Read(from, memory, (int)Page.RoundUp(bytes)) < bytes)
                    throw new JournalIoException("pread", source.Name, from, 0);
            }
            using (var target = storage.Open(name + FileNames.Unfinished, JournalFileMode.Create))
            {
                target.Write(0, memory, bytes);
                target.Sync();
            }
            storage.Rename(name + FileNames.Unfinished, name);
            storage.SyncDirectory();
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>From here on the last used segment is sealed: nothing is ever added to it.</summary>
    private void SealEnd()
    {
        var end = _seen.Segments.Find(segment => segment.File.Number == _seen.EndSegment);
        if (end is not { HasGroups: true } || end.File.Length == end.ValidEnd)
            return;
        using var file = storage.Open(FileNames.Segment(end.File.Number), JournalFileMode.ReadWrite);
        file.Truncate(end.ValidEnd);
        file.Sync();
    }

    /// <summary>Spares are used in the order of their numbers, so everything behind an unusable one goes too. What a crash in between leaves
    /// is unusable as well.</summary>
    private void DropUnusable()
    {
        var spares = _seen.Segments.Where(segment => !segment.HasGroups && segment.File.Number >= _seen.EndSegment).ToList();
        var usable = spares.TakeWhile(segment => RecoveryDecision.IsUsableSpare(_seen, segment, options)).Count();
        for (var i = spares.Count - 1; i >= usable; i--)
        {
            storage.Delete(FileNames.Segment(spares[i].File.Number));
            _seen.Segments.Remove(spares[i]);
        }
        if (usable < spares.Count)
            storage.SyncDirectory();
    }
}
