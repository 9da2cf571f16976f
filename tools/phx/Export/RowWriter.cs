using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Tools.Dump;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;

namespace PhoenixCore.Tools.Export;

/// <summary>Rows of an export. Only facts with postings are transactions here. One thread.</summary>
internal sealed unsafe class RowWriter(JournalNames names, TextWriter output, ExportOptions options)
{
    public const string TransactionTitles = "sequence,time,tenant,transaction,kind,postings,reference";
    public const string EntryTitles = "sequence,time,tenant,transaction,kind,entry,side,wallet,external_id,column,lot,asset,scale,amount,balance_after,reference";

    public long Transactions { get; private set; }

    public long Rows { get; private set; }

    public void Write(in RecordHeader header, byte* payload)
    {
        if (((FactHeader*)payload)->Postings == 0 || names.Tenant(header.Tenant) is not { } tenant || !IsWanted(tenant)) return;
        Transactions++;
        var (ordinal, postings, reference) = (0, 0, (string?)null);
        foreach (var part in new FactParts(payload))
        {
            var kind = part.Kind.ToString();
            var own = PartTexts.Reference(part.Extras);
            reference ??= own;
            foreach (ref readonly var posting in part.Postings)
            {
                postings++;
                if (options.IsEntries)
                {
                    Entry(header, tenant, kind, own, ordinal, posting, isDebit: true);
                    Entry(header, tenant, kind, own, ordinal + 1, posting, isDebit: false);
                }

                ordinal += 2;
            }
        }

        if (!options.IsEntries) Transaction(header, tenant, postings, reference);
    }

    private bool IsWanted(TenantEntry tenant) => options.Tenant is null || tenant.Name == options.Tenant || tenant.Number.ToString(CultureInfo.InvariantCulture) == options.Tenant;

    private void Transaction(in RecordHeader header, TenantEntry tenant, int postings, string? reference) => Row(
        header.Sequence,
        ("time", Stamp.Format(header.StampedAt)), ("tenant", tenant.Name), ("transaction", tenant.Ids.Format(IdKind.Transaction, Numbers.Of(header.Sequence, 0))),
        ("kind", ((PartKind)header.PlainKind).ToString()), ("postings", postings), ("reference", reference));

    private void Entry(in RecordHeader header, TenantEntry tenant, string kind, string? reference, int ordinal, in Posting posting, bool isDebit)
    {
        var asset = names.Asset(posting.Asset);
        var wallet = isDebit ? posting.DebitWallet : posting.CreditWallet;
        var lot = isDebit ? posting.DebitLot : posting.CreditLot;
        Row(
            header.Sequence,
            ("time", Stamp.Format(header.StampedAt)), ("tenant", tenant.Name), ("transaction", tenant.Ids.Format(IdKind.Transaction, Numbers.Of(header.Sequence, 0))), ("kind", kind),
            ("entry", tenant.Ids.Format(IdKind.Entry, Numbers.Of(header.Sequence, ordinal))), ("side", isDebit ? "debit" : "credit"), ("wallet", tenant.Ids.Format(IdKind.Wallet, wallet)), ("external_id", names.Wallet(wallet)),
            ("column", posting.Has(isDebit ? PostingFlags.DebitReserved : PostingFlags.CreditReserved) ? "reserved" : "available"), ("lot", lot == 0 ? null : tenant.Ids.Format(IdKind.Lot, lot)), ("asset", asset.Code), ("scale", asset.Scale),
            ("amount", posting.Amount.ToString(CultureInfo.InvariantCulture)), ("balance_after", (isDebit ? posting.DebitAfter : posting.CreditAfter).ToString(CultureInfo.InvariantCulture)), ("reference", reference));
    }

    private void Row(ulong sequence, params ReadOnlySpan<(string Name, object? Value)> cells)
    {
        Rows++;
        if (options.IsCsv)
        {
            output.Write(sequence.ToString(CultureInfo.InvariantCulture));
            foreach (var (_, value) in cells)
            {
                output.Write(',');
                output.Write(Quoted(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }

            output.WriteLine();
            return;
        }

        var all = cells.ToArray();
        JsonLine.Write(output, to =>
        {
            to.WriteNumber("sequence", sequence);
            foreach (var (name, value) in all)
            {
                if (value is int number) to.WriteNumber(name, number);
                else to.WriteString(name, (string?)value);
            }
        });
    }

    /// <summary>RFC 4180; and no cell begins like a formula, which a spreadsheet would run.</summary>
    private static string Quoted(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '@' or '\t' || (text.Length > 1 && text[0] == '-' && !char.IsAsciiDigit(text[1]))) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
