using System.Buffers;
using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Dump;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Audit;

/// <summary>phx audit explain: one transaction with every balance that it changed, each checked against the entry before it.</summary>
internal static class ExplainCommand
{
    private const int LinksMax = 10_000;

    /// <param name="transaction">Its public id, or the sequence of its fact.</param>
    public static int Run(string directory, string transaction, bool json, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        var names = new JournalNames();
        var visitor = new Search(transaction, names, json ? new JsonPrinter(names, console.Out) : null);
        var metered = new MeteredVisitor(visitor, data.SegmentBytes);
        ProgressBar.Run(console, "searching", () => metered.Fraction, () => Read(data, metered));
        if (visitor.Found is not { } found) throw new ToolException(ExitCode.NotFound, $"there is no transaction {transaction} in {data.Path}");
        using var archive = data.OpenArchive();
        var sides = Sides(archive.Reader, found.Payload).ToArray();
        var isSound = sides.All(side => side.Fault is null);
        if (json)
        {
            foreach (var side in sides) WriteJson(console.Out, side, names);
        }
        else
        {
            WriteTables(console, names, found.Header, found.Payload, sides);
        }

        return isSound ? ExitCode.Ok : ExitCode.InvariantBroken;
    }

    private static int Read(DataDirectory data, MeteredVisitor visitor)
    {
        try
        {
            data.Inspect(visitor);
        }
        catch (DumpEndedException)
        {
            // Found.
        }

        return ExitCode.Ok;
    }

    /// <summary>Both sides of every posting, with the balance before: that which the entry before left.</summary>
    private static IEnumerable<Side> Sides(JournalReader journal, byte[] payload)
    {
        foreach (var posting in PostingsOf(payload))
        {
            yield return SideOf(journal, posting.Asset, posting.DebitWallet, posting.Has(PostingFlags.DebitReserved), -posting.Amount, posting.DebitAfter, posting.DebitPrevious);
            yield return SideOf(journal, posting.Asset, posting.CreditWallet, posting.Has(PostingFlags.CreditReserved), posting.Amount, posting.CreditAfter, posting.CreditPrevious);
        }
    }

    private static Side SideOf(JournalReader journal, int asset, ulong wallet, bool isReserved, Int128 change, Int128 after, ulong previous)
    {
        var before = after - change;
        var fault = FaultBefore(journal, previous, isReserved, before, out var found);
        return new Side(asset, wallet, isReserved, before, change, after, found, fault);
    }

    /// <summary>Links lead through all entries of an account; the one that left this balance is the next in the same column.</summary>
    /// <param name="found">That entry; 0 = there is none.</param>
    private static string? FaultBefore(JournalReader journal, ulong previous, bool isReserved, Int128 before, out ulong found)
    {
        found = previous;
        for (var steps = 0; found != 0; steps++)
        {
            if (steps == LinksMax) return $"no entry of this column among the {LinksMax} before";
            var buffer = new ArrayBufferWriter<byte>();
            if (!journal.TryRead(Numbers.SequenceOf(found), buffer, out _)) return $"the entry before, in fact {Numbers.SequenceOf(found)}, is not here";
            var postings = PostingsOf(buffer.WrittenSpan.ToArray());
            var ordinal = Numbers.OrdinalOf(found); // even ones are debits, odd ones credits, two for each posting
            if (ordinal / 2 >= postings.Count) return $"fact {Numbers.SequenceOf(found)} has no entry {ordinal}";
            var (posting, isDebit) = (postings[ordinal / 2], ordinal % 2 == 0);
            if (posting.Has(isDebit ? PostingFlags.DebitReserved : PostingFlags.CreditReserved) == isReserved)
            {
                var left = isDebit ? posting.DebitAfter : posting.CreditAfter;
                return left == before ? null : $"the entry before left {left}, and this one begins with {before}";
            }

            found = isDebit ? posting.DebitPrevious : posting.CreditPrevious;
        }

        return before == 0 ? null : $"no entry left the {before} that this one begins with";
    }

    private static unsafe List<Posting> PostingsOf(byte[] payload)
    {
        var postings = new List<Posting>();
        fixed (byte* start = payload)
        {
            foreach (var part in new FactParts(start)) postings.AddRange(part.Postings);
        }

        return postings;
    }

    private static unsafe void WriteTables(ToolConsole console, JournalNames names, RecordHeader header, byte[] payload, Side[] sides)
    {
        var tenant = names.Tenant(header.Tenant);
        var facts = Tables.OfFacts()
            .Row("fact", string.Create(CultureInfo.InvariantCulture, $"{header.Sequence}, epoch {header.Epoch}, {(PartKind)header.PlainKind}"))
            .Row("time", Stamp.Format(header.StampedAt))
            .Row("tenant", tenant?.Name ?? "-");
        if (tenant is not null) facts.Row("transaction", tenant.Ids.Format(IdKind.Transaction, Numbers.Of(header.Sequence, 0)));
        fixed (byte* start = payload)
        {
            if ((((FactHeader*)start)->Flags & FactHeader.Keyed) != 0) facts.Row("key", "under an idempotency key");
            foreach (var part in new FactParts(start))
            {
                if (PartTexts.Reference(part.Extras) is { } reference) facts.Row("reference", reference);
            }
        }

        console.Tables().Write(facts);
        var table = Tables.WithColumns("wallet", "column", "asset", "before", "change", "after", "entry before", "check");
        foreach (var side in sides)
        {
            var asset = names.Asset(side.Asset);
            table.Row(
                names.Wallet(side.Wallet), side.IsReserved ? "reserved" : "available", asset.Code, Units.Format(side.Before, asset.Scale), (side.Change > 0 ? "+" : "") + Units.Format(side.Change, asset.Scale), Units.Format(side.After, asset.Scale),
                side.Previous == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"fact {Numbers.SequenceOf(side.Previous)}"), side.Fault ?? "ok");
        }

        if (sides.Length > 0) console.Tables().Write(table);
        else console.Out.WriteLine("it moves nothing");
    }

    private static void WriteJson(TextWriter output, Side side, JournalNames names) => JsonLine.Write(output, to =>
    {
        var asset = names.Asset(side.Asset);
        to.WriteString("wallet", names.Wallet(side.Wallet));
        to.WriteString("column", side.IsReserved ? "reserved" : "available");
        to.WriteString("asset", asset.Code);
        to.WriteAmount("before", side.Before, asset.Scale);
        to.WriteAmount("change", side.Change, asset.Scale);
        to.WriteAmount("after", side.After, asset.Scale);
        to.WriteNumber("previousSequence", side.Previous == 0 ? 0 : Numbers.SequenceOf(side.Previous));
        to.WriteBoolean("ok", side.Fault is null);
        to.WriteString("fault", side.Fault);
    });

    private sealed record Side(int Asset, ulong Wallet, bool IsReserved, Int128 Before, Int128 Change, Int128 After, ulong Previous, string? Fault);

    /// <summary>Learns names until the transaction's fact passes. Ids can be read only once their tenant's key has been seen.</summary>
    private sealed unsafe class Search : FactWalk
    {
        private readonly IFactPrinter? _printer;
        private readonly HashSet<ulong> _wanted = [];

        public Search(string transaction, JournalNames names, IFactPrinter? printer)
            : base(names)
        {
            _printer = printer;
            if (ulong.TryParse(transaction, NumberStyles.None, CultureInfo.InvariantCulture, out var plain)) _wanted.Add(plain);
            names.TenantSeen += tenant =>
            {
                if (tenant.Ids.TryParse(IdKind.Transaction, transaction, out var number)) _wanted.Add(Numbers.SequenceOf(number));
            };
        }

        public (RecordHeader Header, byte[] Payload)? Found { get; private set; }

        protected override void Visit(in RecordHeader header, byte* payload)
        {
            if (!_wanted.Contains(header.Sequence)) return;
            _printer?.Print(header, payload);
            Found = (header, new ReadOnlySpan<byte>(payload, header.PayloadBytes).ToArray());
            throw new DumpEndedException();
        }
    }
}
