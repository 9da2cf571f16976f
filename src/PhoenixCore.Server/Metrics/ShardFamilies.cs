using System.Text.Json;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Metrics;

/// <summary>Metrics of the shard, its journal and its snapshots.</summary>
internal static class ShardFamilies
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>One shard a process; the label is there so that dashboards need not change when there are more.</summary>
    private const string Shard = "0";
    private static readonly string[] OfShard = ["shard"];

    public static IEnumerable<MetricFamily> Of(MetricSources sources) => [.. Roles(sources), .. Commands(sources), .. Journal(sources), .. Snapshots(sources), .. Shadow(sources), .. Books(sources)];

    private static IEnumerable<MetricFamily> Roles(MetricSources sources) =>
    [
        new NumberFamily("phoenix_format_version", MetricKind.Gauge, "Version of the facts that the journal holds.", [], () => [new(EpochStartedBody.FactFormat)]),
        new NumberFamily("phoenix_shard_role", MetricKind.Gauge, "0 follower, 1 leader, 2 follower without a vote, 4 recovering or waiting for voters.", OfShard, () => [new(sources.Replica?.Node is { } node ? (int)node.Role : sources.Parts is null ? 4 : 1, Shard)]),
        Gauge(sources, "phoenix_shard_epoch", "Epoch in which the shard writes.", shard => shard.Epoch),
        new NumberFamily("phoenix_recovery_progress_ratio", MetricKind.Gauge, "Share of snapshot and journal that the start has read.", OfShard, () => [new(sources.Opening.Share, Shard)]),
        Gauge(sources, "phoenix_recovery_duration_seconds", "What reading the journal took at the last start.", shard => shard.Recovery.ReplayMilliseconds / 1_000),
        Counter(sources, "phoenix_recovery_records_total", "Facts that the last start replayed.", shard => shard.Recovery.VisitedRecords),
        Number(sources, "phoenix_loop_steps_total", MetricKind.Counter, "Rounds of each of the shard's loops; one that stands still is stuck.", ["shard", "loop"], Loops),
        Gauge(sources, "phoenix_clock_suspect", "1 while the wall clock lies too far ahead to be believed and writes are refused.", shard => shard.IsClockSuspect ? 1 : 0),
    ];

    private static IEnumerable<MetricFamily> Commands(MetricSources sources) =>
    [
        Number(sources, "phoenix_commands_total", MetricKind.Counter, "Commands that were decided. Result replayed: the key's first answer was repeated.", ["shard", "command", "result"],
            shard => shard.Meters.Commands().Select(line => new LabeledNumber(line.Count, Shard, Label(line.Kind), line.Result is { } result ? Label(result) : "replayed"))),
        Counter(sources, "phoenix_commands_answered_total", "Answers that were given out.", shard => shard.Cursors.Answered),
        Durations(sources, "phoenix_command_duration_seconds",
            "Stages of a command. queue: in the ring (one of 64 is measured); apply: decided and applied (mean of each run); append: from a group's first fact to its hand-over; flush: framing, write and sync of a group; answer: from durable to answered.",
            ["shard", "stage"], Stages),
        Gauge(sources, "phoenix_sequencer_ring_used_ratio", "Share of the ring's slots that are taken.", shard => shard.RingUsed),
        Number(sources, "phoenix_sequencer_refused_total", MetricKind.Counter, "Commands that were turned away before they were decided.", ["shard", "reason"], Refusals),
    ];

    private static IEnumerable<MetricFamily> Journal(MetricSources sources) =>
    [
        Number(sources, "phoenix_journal_sequence", MetricKind.Gauge, "Last sequence, as far as each stage has come.", ["shard", "cursor"], Cursors),
        Counter(sources, "phoenix_journal_bytes_total", "Bytes of groups that were written.", shard => shard.JournalBytes),
        Durations(sources, "phoenix_journal_flush_duration_seconds", "Write and sync of one group.", OfShard, shard => [new(shard.JournalMeters.Flush.Read(), Shard)]),
        new HistogramFamily("phoenix_journal_group_records", "Facts in one group.", OfShard, 1, () => sources.Parts is { } parts ? [new(parts.Shard.JournalMeters.GroupRecords.Read(), Shard)] : []),
        Gauge(sources, "phoenix_journal_ready_bytes", "Room in segments that are prepared.", shard => shard.JournalReadyBytes),
        Gauge(sources, "phoenix_journal_preparation_failing", "1 while segments cannot be prepared: once the room that is left is used up, writes are refused.", shard => shard.CanPrepare ? 0 : 1),
        new NumberFamily("phoenix_journal_free_bytes", MetricKind.Gauge, "Bytes that the file system of the data directory has left.", OfShard, () => FreeBytes(sources) is { } free ? [new(free, Shard)] : []),
        Gauge(sources, "phoenix_journal_segments", "Segments that hold facts.", shard => shard.History.SegmentCount),
        Counter(sources, "phoenix_journal_checksum_failures_total", "Reads that met bytes of the journal that are not what was written.", shard => shard.JournalMeters.DamagedReads),
    ];

    private static IEnumerable<MetricFamily> Snapshots(MetricSources sources) =>
    [
        Number(sources, "phoenix_snapshot_last_sequence", MetricKind.Gauge, "Sequence of the newest snapshot that was taken or that the start began with.", OfShard, shard => (shard.Snapshots.Last ?? shard.RecoveredFrom) is { } last ? [new(last.Sequence, Shard)] : []),
        Number(sources, "phoenix_snapshot_bytes", MetricKind.Gauge, "Size of that snapshot.", OfShard, shard => (shard.Snapshots.Last ?? shard.RecoveredFrom) is { } last ? [new(last.Bytes, Shard)] : []),
        Number(sources, "phoenix_snapshot_duration_seconds", MetricKind.Gauge, "What the last snapshot since the start took.", OfShard, shard => shard.Snapshots.Last is null ? [] : [new(shard.Snapshots.LastSeconds, Shard)]),
        Counter(sources, "phoenix_snapshots_total", "Snapshots that were taken since the start.", shard => shard.Snapshots.Taken),
        Counter(sources, "phoenix_snapshot_failures_total", "Snapshots that could not be taken.", shard => shard.Snapshots.Failed),
        Gauge(sources, "phoenix_snapshot_running", "1 while one is written.", shard => shard.Snapshots.Progress.IsRunning ? 1 : 0),
    ];

    private static IEnumerable<MetricFamily> Shadow(MetricSources sources) =>
    [
        Counter(sources, "phoenix_state_digest_mismatch_total", "Accounts that the shadow found to differ: page at once.", shard => shard.Shadow?.Mismatches ?? 0),
        Number(sources, "phoenix_shadow_sequence", MetricKind.Gauge, "Last fact that the shadow has applied; nothing when there is no shadow.", OfShard, shard => shard.Shadow is { } shadow ? [new(shadow.Through, Shard)] : []),
        Number(sources, "phoenix_shadow_rounds_total", MetricKind.Counter, "How often the shadow has compared every account in memory.", OfShard, shard => shard.Shadow is { } shadow ? [new(shadow.Rounds, Shard)] : []),
    ];

    private static IEnumerable<MetricFamily> Books(MetricSources sources) =>
    [
        new NumberFamily("phoenix_tenants", MetricKind.Gauge, "Tenants, suspended ones included.", [], () => sources.Parts is { } parts ? [new(parts.Tenants.Count)] : []),
        Gauge(sources, "phoenix_wallets", "Wallets of all tenants, the system's and closed ones included.", shard => shard.Counts.Wallets),
        Number(sources, "phoenix_rows", MetricKind.Gauge, "Rows in memory.", ["shard", "table"], Rows),
        Number(sources, "phoenix_index_bytes", MetricKind.Gauge, "Bytes of the tables that find rows and keys.", ["shard", "table"], shard => [new(shard.Counts.IndexBytes, Shard, "indexes"), new(shard.Counts.KeyTableBytes, Shard, "keys")]),
    ];

    private static IEnumerable<LabeledNumber> Loops(LedgerShard shard)
    {
        var (sequencer, committer, answering) = shard.Meters.Steps;
        return [new(sequencer, Shard, "sequencer"), new(committer, Shard, "committer"), new(answering, Shard, "answering")];
    }

    private static IEnumerable<LabeledHistogram> Stages(LedgerShard shard) =>
    [
        new(shard.Meters.Queue.Read(), Shard, "queue"),
        new(shard.Meters.Apply.Read(), Shard, "apply"),
        new(shard.Meters.Append.Read(), Shard, "append"),
        new(shard.Meters.Flush.Read(), Shard, "flush"),
        new(shard.Meters.Answer.Read(), Shard, "answer"),
    ];

    private static IEnumerable<LabeledNumber> Refusals(LedgerShard shard)
    {
        var (full, suspect, follows, few) = (0L, 0L, 0L, 0L);
        foreach (var (_, result, count) in shard.Meters.Commands())
        {
            if (result == LedgerResult.StorageFull) full += count;
            else if (result == LedgerResult.ClockSuspect) suspect += count;
            else if (result == LedgerResult.NotLeader) follows += count;
            else if (result == LedgerResult.NotEnoughReplicas) few += count;
        }

        return [new(shard.Meters.RingFull, Shard, "ring_full"), new(full, Shard, "storage_full"), new(suspect, Shard, "clock_suspect"), new(follows, Shard, "not_leader"), new(few, Shard, "not_enough_replicas")];
    }

    /// <remarks>Read from the last stage to the first, so that none seems to be ahead of the one before.</remarks>
    private static IEnumerable<LabeledNumber> Cursors(LedgerShard shard)
    {
        var answered = shard.Cursors.Shown;
        var committed = shard.Cursors.Committed;
        var durable = shard.Durable.LastSequence;
        var appended = Math.Max(shard.Cursors.Appended, durable);
        return [new(appended, Shard, "appended"), new(durable, Shard, "durable"), new(committed, Shard, "committed"), new(answered, Shard, "answered")];
    }

    private static IEnumerable<LabeledNumber> Rows(LedgerShard shard)
    {
        var counts = shard.Counts;
        return [new(counts.Wallets, Shard, "wallets"), new(counts.Accounts, Shard, "accounts"), new(counts.Lots, Shard, "lots"), new(counts.Reservations, Shard, "reservations"), new(counts.Timers, Shard, "timers")];
    }

    private static long? FreeBytes(MetricSources sources)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(sources.DataDirectory)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>CreateWallet → create_wallet.</summary>
    private static string Label<T>(T name) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());

    private static NumberFamily Gauge(MetricSources sources, string name, string help, Func<LedgerShard, double> read) => Number(sources, name, MetricKind.Gauge, help, OfShard, shard => [new(read(shard), Shard)]);

    private static NumberFamily Counter(MetricSources sources, string name, string help, Func<LedgerShard, double> read) => Number(sources, name, MetricKind.Counter, help, OfShard, shard => [new(read(shard), Shard)]);

    private static NumberFamily Number(MetricSources sources, string name, MetricKind kind, string help, string[] labels, Func<LedgerShard, IEnumerable<LabeledNumber>> read) =>
        new(name, kind, help, labels, () => sources.Parts is { } parts ? read(parts.Shard) : []);

    private static HistogramFamily Durations(MetricSources sources, string name, string help, string[] labels, Func<LedgerShard, IEnumerable<LabeledHistogram>> read) =>
        new(name, help, labels, NanosecondsPerSecond, () => sources.Parts is { } parts ? read(parts.Shard) : []);
}
