using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Backup;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Status;

/// <summary>phx doctor: what is wrong, or will be, in sentences with what to do. Looks only.</summary>
internal static class DoctorCommand
{
    private const double SlowFlushSeconds = 0.05;
    private const double FullRing = 0.8;
    private const double SnapshotLagMax = 50_000_000;
    private const long FreeBytesMin = 2L << 30;
    private static readonly TimeSpan BackupAgeMax = TimeSpan.FromDays(1);
    private static readonly TimeSpan ProofAgeMax = TimeSpan.FromDays(7);

    /// <param name="directory">A data directory; null = none is looked at.</param>
    /// <param name="address">A running server; null = none is asked.</param>
    /// <param name="backups">A directory of backups; null = none is looked at.</param>
    public static int Run(string? directory, string? address, string? backups, bool json, ToolConsole console)
    {
        var findings = new List<Finding>();
        if (address is not null) Server(ServerLook.At(address), findings);
        if (directory is not null) Files(directory, findings);
        if (backups is not null) Backups(backups, findings);
        Show(findings, json, console);
        return findings.Exists(finding => finding.Severity != "info") ? ExitCode.Findings : ExitCode.Ok;
    }

    private static void Server(ServerLook look, List<Finding> findings)
    {
        if (look["phoenix_shard_role{shard=\"0\"}"] == 4)
        {
            findings.Add(new Finding("info", "The server is recovering.", "GET /startupz says how far it is"));
            return;
        }

        foreach (var check in look.Failing) findings.Add(new Finding("critical", $"The server is not ready: {check} does not hold.", AdviceFor(check)));
        Add("critical", look.Sum("phoenix_audit_failures_total") > 0, "A trial balance did not balance.", "stop writing, keep everything, phx audit run on a copy");
        Add("critical", look.Sum("phoenix_state_digest_mismatch_total") > 0, "The shadow found accounts that are not what their postings give; their wallets are frozen.", "keep everything; reports lie in the data directory's shadow/, the handbook says what to do");
        Add("critical", look.Sum("phoenix_replication_digest_mismatch_total") > 0, "A copy had another state than this leader at the same sequence, and has ended.", "start that copy again; if it differs again, phx replay --digest on a copy of its directory says who is right");
        Add("critical", look.Sum("phoenix_journal_checksum_failures_total") > 0, "Reads have met damaged bytes of the journal.", "phx journal verify on a copy says where; restore from a backup");
        Add("warning", look["phoenix_sequencer_ring_used_ratio{shard=\"0\"}"] > FullRing, "The ring of commands is nearly full: more comes than the shard can take.", "look at phoenix_command_duration_seconds: flush or apply?");
        var flush = look.Quantile("phoenix_journal_flush_duration_seconds", 0.99);
        Add("warning", flush > SlowFlushSeconds, string.Create(CultureInfo.InvariantCulture, $"One sync in a hundred takes {flush * 1_000:0} ms or more; every answer waits for it."), "give the journal a disk of its own; phx bench measures this one");
        Add("warning", look["phoenix_journal_free_bytes{shard=\"0\"}"] < FreeBytesMin, "The disk has less than 2 GiB left.", "make room: without it writes are refused");
        Add("warning", look["phoenix_snapshot_failures_total{shard=\"0\"}"] > 0, "Snapshots could not be taken.", "the log says why (PHX3002)");
        var lag = look["phoenix_journal_sequence{shard=\"0\",cursor=\"durable\"}"] - (look["phoenix_snapshot_last_sequence{shard=\"0\"}"] ?? 0);
        Add("warning", lag > SnapshotLagMax, string.Create(CultureInfo.InvariantCulture, $"{lag:0} facts lie behind the newest snapshot: a start replays them all."), "phx snapshot create");
        Add("warning", look["phoenix_webhook_oldest_pending_seconds"] > 900, "A webhook's delivery is overdue by more than a quarter of an hour.", "GET /webhooks/{id}/deliveries of the tenant");
        Add("info", look["phoenix_webhook_disabled_endpoints"] > 0, "Webhooks are disabled.", "their owners enable them again once their receivers answer");

        void Add(string severity, bool isSo, string what, string advice)
        {
            if (isSo) findings.Add(new Finding(severity, what, advice));
        }
    }

    private static string AdviceFor(string check) => check switch
    {
        "clock" => "set the machine's clock right",
        "room" => "make room on the disk",
        "loops" => "a sync does not come back, or a bug: look at the disk, then restart",
        "journal" => "the process is about to end; its last line says why",
        _ => "wait, or look at the log",
    };

    /// <summary>Takes no lock, so it works beside a running server.</summary>
    private static void Files(string directory, List<Finding> findings)
    {
        var data = DataDirectory.Open(directory);
        foreach (var name in data.Storage.List())
        {
            if (name.EndsWith(".quarantine", StringComparison.Ordinal)) findings.Add(new Finding("info", $"{name} holds bytes that a recovery cut off; they were never answered.", "keep it until you know why the server went down"));
        }

        foreach (var name in SnapshotNames.In(data.Storage))
        {
            try
            {
                using var reader = SnapshotReader.Open(data.Storage, name, data.Shard);
            }
            catch (SnapshotUnusableException unusable)
            {
                findings.Add(new Finding("warning", unusable.Message, "phx snapshot create, so that the next start has a sound one"));
            }
            catch (JournalIoException)
            {
                // A running server has just removed it.
            }
        }

        if (SnapshotNames.In(data.Storage).Count == 0) findings.Add(new Finding("info", "There is no snapshot: a start replays the whole journal.", "phx snapshot create"));
    }

    private static void Backups(string target, List<Finding> findings)
    {
        var store = BackupStore.Open(target, make: false);
        if (store.Ids() is not [var newest, ..])
        {
            findings.Add(new Finding("critical", $"There is no backup in {target}.", "phx backup create"));
            return;
        }

        var age = DateTimeOffset.UtcNow - store.Read(newest).CreatedAt;
        if (age > BackupAgeMax) findings.Add(new Finding("warning", string.Create(CultureInfo.InvariantCulture, $"The last backup is {age.TotalHours:0} hours old (limit {BackupAgeMax.TotalHours:0})."), "phx backup create"));
        var proof = store.Ids().Select(store.ReadProof).OfType<BackupProof>().MaxBy(proof => proof.ProvenAt);
        if (proof is null) findings.Add(new Finding("warning", "No backup was ever proven by a replay.", "phx backup verify --replay"));
        else if (DateTimeOffset.UtcNow - proof.ProvenAt > ProofAgeMax) findings.Add(new Finding("warning", string.Create(CultureInfo.InvariantCulture, $"The last proven backup was proven {(DateTimeOffset.UtcNow - proof.ProvenAt).TotalDays:0} days ago (limit {ProofAgeMax.TotalDays:0})."), "phx backup verify --replay"));
    }

    private static void Show(List<Finding> findings, bool json, ToolConsole console)
    {
        if (json)
        {
            foreach (var finding in findings)
            {
                JsonLine.Write(console.Out, to =>
                {
                    to.WriteString("severity", finding.Severity);
                    to.WriteString("finding", finding.What);
                    to.WriteString("advice", finding.Advice);
                });
            }

            return;
        }

        if (findings.Count == 0)
        {
            console.Out.WriteLine("nothing to say");
            return;
        }

        var table = Tables.WithColumns("severity", "finding", "what to do");
        foreach (var finding in findings) table.Row(finding.Severity, finding.What, finding.Advice);
        console.Tables().Write(table);
    }
}
