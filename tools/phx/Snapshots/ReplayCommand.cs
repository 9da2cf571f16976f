using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Snapshots;

/// <summary>phx replay: the state as of a sequence or time, from the nearest snapshot below on.</summary>
internal static class ReplayCommand
{
    public static int Run(string directory, ReplayOptions options, ToolConsole console)
    {
        if (options is { ToSequence: not null, ToTime: not null }) throw new ToolException(ExitCode.Usage, "--to-sequence and --to-time exclude each other.");
        if (options.HotKeys < 1_024 || !BitOperations.IsPow2(options.HotKeys)) throw new ToolException(ExitCode.Usage, "--hot-keys takes a power of two, at least 1024.");
        var data = DataDirectory.Open(directory);
        var last = LastOf(data, options);
        using var recovery = new SnapshotRecovery(data.Storage, data.Shard, new LedgerOptions { HotKeys = options.HotKeys }, last);
        var clock = Stopwatch.StartNew();
        EndingVisitor? visitor = null;
        MeteredVisitor? meter = null;
        var report = ProgressBar.Run(console, "replaying", () => Volatile.Read(ref meter)?.Fraction ?? 0, () => Replay(data, recovery, options, start =>
        {
            visitor = new EndingVisitor(start, last);
            var metered = new MeteredVisitor(visitor, data.SegmentBytes);
            Volatile.Write(ref meter, metered);
            return metered;
        }));
        var ledger = recovery.Ledger!;
        if (options.ToSequence is { } wanted && ledger.Sequence < wanted) throw new ToolException(ExitCode.NotFound, $"the journal ends at sequence {ledger.Sequence}");
        var fault = ledger.FindFault();
        Show(recovery, ledger, options.Digest ? ledger.Digest() : null, visitor!.Facts, clock.ElapsedMilliseconds, fault, report, options.Json, console);
        return fault is null ? ExitCode.Ok : ExitCode.InvariantBroken;
    }

    private static ulong LastOf(DataDirectory data, ReplayOptions options)
    {
        if (options.ToTime is not { } time) return options.ToSequence ?? ulong.MaxValue;
        if (!Stamp.TryParse(time, out var stamp)) throw new ToolException(ExitCode.Usage, $"--to-time takes a time such as 2026-11-20T13:59:00Z, not '{time}'.");
        using var archive = data.OpenArchive();
        return archive.Reader.TryFindSequenceAt(stamp, out var sequence) ? sequence : throw new ToolException(ExitCode.NotFound, $"the first fact is later than {time}");
    }

    /// <summary>Null when the replay ended before the journal did.</summary>
    private static RecoveryReport? Replay(DataDirectory data, SnapshotRecovery recovery, ReplayOptions options, Func<LedgerCore, IRecordVisitor> visitorOf)
    {
        try
        {
            return data.Inspect(() => options.FromStart ? recovery.BeginWithout(visitorOf) : recovery.Begin(visitorOf));
        }
        catch (ReplayEndedException)
        {
            return null;
        }
        catch (JournalDamagedException refusal)
        {
            throw recovery.Explain(refusal);
        }
    }

    private static void Show(SnapshotRecovery recovery, LedgerCore ledger, UInt128? digest, long facts, long milliseconds, string? fault, RecoveryReport? report, bool json, ToolConsole console)
    {
        if (json)
        {
            JsonLine.Write(console.Out, to =>
            {
                to.WriteBoolean("ok", fault is null);
                to.WriteString("fault", fault);
                to.WriteNumber("sequence", ledger.Sequence);
                to.WriteTime("time", ledger.Stamp);
                to.WriteString("snapshot", recovery.Used?.Name);
                to.WriteNumber("facts", facts);
                to.WriteNumber("milliseconds", milliseconds);
                if (digest is { } value) to.WriteString("digest", value.ToString("x32", CultureInfo.InvariantCulture));
                to.WriteStartArray("notes");
                foreach (var note in recovery.Notes) to.WriteStringValue(note);
                to.WriteEndArray();
            });
            return;
        }

        var counts = ledger.Counts;
        var table = Tables.OfFacts()
            .Row("sequence", ledger.Sequence.ToString("N0", CultureInfo.InvariantCulture))
            .Row("time", ledger.Stamp == 0 ? "none" : Stamp.Format(ledger.Stamp))
            .Row("began with", recovery.Used?.Name ?? "the journal's start")
            .Row("facts", string.Create(CultureInfo.InvariantCulture, $"{facts:N0} in {milliseconds:N0} ms{(report is null ? ", ended before the journal did" : "")}"))
            .Row("books", string.Create(CultureInfo.InvariantCulture, $"{counts.Wallets:N0} wallets, {counts.Accounts:N0} accounts, {counts.Lots:N0} lots, {counts.Reservations:N0} open reservations"));
        if (digest is { } of) table.Row("digest", of.ToString("x32", CultureInfo.InvariantCulture));
        foreach (var note in recovery.Notes) table.Row("note", note);
        table.Row("verdict", fault is null ? "ok" : $"THE BOOKS DO NOT HOLD: {fault}");
        console.Tables().Write(table);
    }
}
