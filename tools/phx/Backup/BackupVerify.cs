using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Recovery;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Backup;

/// <summary>phx backup verify: every byte is what was stored; with a replay, that a ledger comes out of it whose books hold, and the snapshot's digest on the way.</summary>
internal static class BackupVerify
{
    /// <param name="scratch">Where it is restored to for the replay, and removed afterwards.</param>
    public static int Run(string target, string? id, bool replay, string? scratch, int hotKeys, bool json, ToolConsole console)
    {
        var store = BackupStore.Open(target, make: false);
        var manifest = store.Read(id);
        var fault = ProgressBar.Run(console, "reading", () => store.Done / (double)Math.Max(1, manifest.Bytes), () => manifest.Files.Select(store.Check).FirstOrDefault(found => found is not null));
        if (fault is null && replay) fault = Prove(store, manifest, scratch ?? Path.Combine(Path.GetTempPath(), "phx-backup-" + Guid.NewGuid().ToString("N")), hotKeys, console);
        return BackupList.Show([(manifest, store.ReadProof(manifest.Id), fault)], json, console);
    }

    /// <returns>What does not hold; null = the backup is proven, and the store says so from now on.</returns>
    private static string? Prove(BackupStore store, BackupManifest manifest, string scratch, int hotKeys, ToolConsole console)
    {
        if (Directory.Exists(scratch) && Directory.EnumerateFileSystemEntries(scratch).Any()) throw new ToolException(ExitCode.Usage, $"--scratch {scratch} holds something already");
        try
        {
            BackupRestore.Fetch(store, manifest, scratch);
            var data = DataDirectory.Open(scratch);
            using var ledger = new LedgerCore(new LedgerOptions { HotKeys = hotKeys });
            var visitor = new Proof(ledger, Snapshots(data));
            var metered = new MeteredVisitor(visitor, data.SegmentBytes);
            ProgressBar.Run(console, "replaying", () => metered.Fraction, () => data.Inspect(metered));
            var fault = visitor.Fault ?? ledger.FindFault() ?? (ledger.Sequence == manifest.LastSequence ? null : $"the replay ends at sequence {ledger.Sequence} instead of {manifest.LastSequence}");
            if (fault is null) store.Write(new BackupProof(manifest.Id, DateTimeOffset.UtcNow, ledger.Sequence, ledger.Digest().ToString("x32", CultureInfo.InvariantCulture)));
            return fault;
        }
        catch (JournalDamagedException damage)
        {
            return damage.Message;
        }
        finally
        {
            if (Directory.Exists(scratch)) Directory.Delete(scratch, recursive: true);
        }
    }

    private static Dictionary<ulong, UInt128> Snapshots(DataDirectory data)
    {
        var digests = new Dictionary<ulong, UInt128>();
        foreach (var name in SnapshotNames.In(data.Storage))
        {
            using var reader = SnapshotReader.Open(data.Storage, name, data.Shard);
            reader.Prove();
            digests[reader.Info.Sequence] = reader.Info.Digest;
        }

        return digests;
    }

    /// <summary>Replays, and compares the state with the snapshots' where they were taken: at ends of runs.</summary>
    private sealed unsafe class Proof(LedgerCore ledger, Dictionary<ulong, UInt128> digests) : IRecordVisitor
    {
        private readonly ReplayVisitor _replay = new(ledger);

        public string? Fault { get; private set; }

        public void VisitRun(byte* records, int bytes, int count)
        {
            _replay.VisitRun(records, bytes, count);
            if (digests.TryGetValue(ledger.Sequence, out var expected) && ledger.Digest() is var found && found != expected) Fault ??= $"at sequence {ledger.Sequence} the replayed state has the digest {found:x32}, the snapshot {expected:x32}";
        }
    }
}
