using System.Globalization;
using System.Text;
using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Export;

/// <summary>phx export: transactions or entries of a directory at rest as lines of JSON or CSV, in the order of the journal.</summary>
/// <remarks>Every row begins with its fact's sequence, and facts are exported whole: so a file that was broken off is cut behind its last whole fact and goes on there.</remarks>
internal static class ExportCommand
{
    public static int Run(string directory, ExportOptions options, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        if (!options.Resume && File.Exists(options.Out)) throw new ToolException(ExitCode.Usage, $"--out: {options.Out} is there already; --resume goes on with it.");
        using var file = new FileStream(options.Out, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var from = options.Resume ? Cut(file, options.IsCsv) : 0;
        using var writer = new StreamWriter(file, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        if (options.IsCsv && file.Length == 0) writer.WriteLine(options.IsEntries ? RowWriter.EntryTitles : RowWriter.TransactionTitles);
        var names = new JournalNames();
        var rows = new RowWriter(names, writer, options);
        var visitor = new Visitor(names, rows, from);
        var metered = new MeteredVisitor(visitor, data.SegmentBytes);
        ProgressBar.Run(console, "exporting", () => metered.Fraction, () => data.Inspect(metered));
        writer.Flush();
        if (options.Json)
        {
            JsonLine.Write(console.Out, to =>
            {
                to.WriteString("out", options.Out);
                to.WriteNumber("resumedBehind", from);
                to.WriteNumber("transactions", rows.Transactions);
                to.WriteNumber("rows", rows.Rows);
                to.WriteNumber("lastSequence", Math.Max(from, visitor.Last));
            });
        }
        else
        {
            console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Rows:N0} rows of {rows.Transactions:N0} transactions{(from > 0 ? $" behind sequence {from}" : "")} in {options.Out}"));
        }

        return ExitCode.Ok;
    }

    /// <summary>Cuts a file behind the last fact that is certainly whole: the one before the last that began.</summary>
    /// <returns>The last sequence that is left; 0 = nothing is.</returns>
    private static ulong Cut(FileStream file, bool isCsv)
    {
        var (left, last) = (0UL, 0UL);
        long keep = 0, at = 0;
        var line = new List<byte>();
        var isTitle = isCsv;
        var buffer = new byte[1 << 16];
        file.Position = 0;
        for (int got; (got = file.Read(buffer)) > 0;)
        {
            for (var i = 0; i < got; i++)
            {
                at++;
                if (buffer[i] != '\n')
                {
                    line.Add(buffer[i]);
                    continue;
                }

                if (isTitle) (isTitle, keep) = (false, at);
                else if (SequenceOf(line, isCsv) is { } sequence && sequence != last) (left, last, keep) = (last, sequence, at - line.Count - 1);
                line.Clear();
            }
        }

        file.SetLength(keep); // the last fact that began may not be whole: it is written again
        file.Position = keep;
        return left;
    }

    private static ulong? SequenceOf(List<byte> line, bool isCsv)
    {
        var text = Encoding.UTF8.GetString([.. line]);
        const string member = "{\"sequence\":";
        var start = isCsv ? 0 : text.StartsWith(member, StringComparison.Ordinal) ? member.Length : -1;
        if (start < 0) return null;
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return ulong.TryParse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null;
    }

    /// <summary>Names are learned from the first fact on; rows are written behind the last that was.</summary>
    private sealed unsafe class Visitor(JournalNames names, RowWriter rows, ulong behind) : FactWalk(names)
    {
        public ulong Last { get; private set; }

        protected override void Visit(in RecordHeader header, byte* payload)
        {
            if (header.Sequence > behind) rows.Write(header, payload);
            Last = header.Sequence;
        }
    }
}
