using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Inspect;

/// <summary>phx journal diff: whether two journals of a shard tell the same history, and where they part.</summary>
internal static class JournalDiff
{
    public static int Run(string first, string second, bool json, ToolConsole console)
    {
        var (one, other) = (DataDirectory.Open(first), DataDirectory.Open(second));
        using var a = one.OpenArchive();
        using var b = other.OpenArchive();
        var from = Math.Max(a.Reader.FirstSequence, b.Reader.FirstSequence);
        var end = Math.Min(a.Report.LastSequence, b.Report.LastSequence);
        var shardsDiffer = one.Shard != other.Shard;
        var (equal, what) = shardsDiffer ? (0UL, $"they are of different shards: {one.Shard} and {other.Shard}") : Compare(a.Reader, b.Reader, from, end, console);
        var rest = what is null && a.Report.LastSequence != b.Report.LastSequence ? $"{(a.Report.LastSequence > end ? first : second)} goes on to {Math.Max(a.Report.LastSequence, b.Report.LastSequence)}" : null;
        if (json)
        {
            JsonLine.Write(console.Out, to =>
            {
                to.WriteBoolean("equal", what is null && rest is null);
                to.WriteBoolean("diverged", what is not null);
                to.WriteNumber("from", from);
                to.WriteNumber("equalThrough", equal);
                to.WriteNumber("lastOfFirst", a.Report.LastSequence);
                to.WriteNumber("lastOfSecond", b.Report.LastSequence);
                to.WriteString("difference", what ?? rest);
            });
        }
        else
        {
            console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"equal from {from} through {equal}; {what ?? rest ?? "both end there"}"));
        }

        return what is null && rest is null ? ExitCode.Ok : ExitCode.Findings;
    }

    private static (ulong Equal, string? What) Compare(JournalReader a, JournalReader b, ulong from, ulong end, ToolConsole console)
    {
        var done = from;
        return ProgressBar.Run(console, "comparing", () => (double)(Volatile.Read(ref done) - from) / Math.Max(1, end - from), () =>
        {
            using var one = a.OpenCursor(from);
            using var other = b.OpenCursor(from);
            for (var sequence = from; sequence <= end; sequence++)
            {
                if (!one.MoveNext() || !other.MoveNext()) return (sequence - 1, $"sequence {sequence} cannot be read");
                Volatile.Write(ref done, sequence);
                if (one.Record.SequenceEqual(other.Record)) continue;
                return (sequence - 1, $"they part at sequence {sequence}: {Describe(one.Header)} against {Describe(other.Header)}");
            }

            return (end, (string?)null);
        });
    }

    private static string Describe(in RecordHeader header) =>
        string.Create(CultureInfo.InvariantCulture, $"{(PartKind)header.PlainKind} at {Stamp.Format(header.StampedAt)}, epoch {header.Epoch}, checksum {header.Checksum:x8}");
}
