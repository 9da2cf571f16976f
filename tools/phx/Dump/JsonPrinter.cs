using System.Buffers;
using System.Text;
using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;

namespace PhoenixCore.Tools.Dump;

/// <summary>One JSON object a line, with everything that stands in the record.</summary>
/// <remarks>Amounts, numbers and nanoseconds are strings: they pass what a double holds. Amounts are smallest units, <c>decimal</c> is the same for people.</remarks>
internal sealed unsafe class JsonPrinter(JournalNames names, TextWriter output) : IFactPrinter
{
    private readonly ArrayBufferWriter<byte> _line = new(1 << 12);

    public void Print(in RecordHeader header, byte* payload)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, JsonLine.Style))
        {
            var tenant = names.Tenant(header.Tenant);
            json.WriteStartObject();
            WriteRecord(json, header, tenant);
            WriteFact(json, (FactHeader*)payload);
            json.WriteStartArray("parts");
            int index = 0, ordinal = 0;
            foreach (var part in new FactParts(payload))
            {
                WritePart(json, part, Numbers.Of(header.Sequence, index++), ordinal, tenant);
                ordinal += 2 * part.Postings.Length;
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(_line.WrittenSpan));
    }

    private static void WriteRecord(Utf8JsonWriter json, in RecordHeader header, TenantEntry? tenant)
    {
        json.WriteNumber("sequence", header.Sequence);
        json.WriteString("time", Stamp.Format(header.StampedAt));
        json.WriteNumberText("stampedAt", header.StampedAt);
        json.WriteNumber("epoch", header.Epoch);
        json.WriteString("kind", ((PartKind)header.PlainKind).ToString());
        json.WriteNumber("kindCode", header.PlainKind);
        json.WriteBoolean("endsRun", header.EndsRun);
        json.WriteNumber("layout", header.Layout);
        json.WriteNumber("bytes", header.Length);
        json.WriteString("checksum", header.Checksum.ToString("x8"));
        json.WriteNumber("tenantNumber", header.Tenant);
        json.WriteString("tenant", tenant?.Name);
        if (tenant is not null && (PartKind)header.PlainKind is not (PartKind.Refused or PartKind.KeyClosed)) json.WriteString("transaction", tenant.Ids.Format(IdKind.Transaction, Numbers.Of(header.Sequence, 0)));
    }

    private static void WriteFact(Utf8JsonWriter json, FactHeader* fact)
    {
        if ((fact->Flags & FactHeader.Keyed) != 0)
        {
            json.WriteString("keyHash", new UInt128(fact->KeyHi, fact->KeyLo).ToString("x32"));
            json.WriteString("fingerprint", fact->Fingerprint.ToString("x16"));
        }

        json.WriteNumberText("eventFirst", fact->EventFirst);
        json.WriteNumber("events", fact->Events);
        json.WriteNumber("postings", fact->Postings);
    }

    /// <param name="number">Of the operation: sequence and the part's index.</param>
    /// <param name="ordinal">Of the first posting's debit entry.</param>
    private void WritePart(Utf8JsonWriter json, in FactPart part, ulong number, int ordinal, TenantEntry? tenant)
    {
        json.WriteStartObject();
        json.WriteString("kind", part.Kind.ToString());
        if (OperationKind(part.Kind) is var kind and not IdKind.None) json.WriteNamed("operation", tenant!, kind, number);
        json.WriteStartObject("body");
        JsonBody.Write(json, part, names, tenant);
        json.WriteEndObject();
        json.WriteStartArray("postings");
        foreach (ref readonly var posting in part.Postings)
        {
            WritePosting(json, posting, Numbers.SequenceOf(number), ordinal, tenant!);
            ordinal += 2;
        }

        json.WriteEndArray();
        json.WritePropertyName("texts");
        PartTexts.Write(json, part.Extras);
        json.WriteEndObject();
    }

    /// <summary>Operations that have an id but make nothing that is kept under it.</summary>
    private static IdKind OperationKind(PartKind kind) => kind switch
    {
        PartKind.Credited => IdKind.Credit,
        PartKind.Transferred or PartKind.TransferredInto => IdKind.Transfer,
        PartKind.Debited => IdKind.Debit,
        _ => IdKind.None,
    };

    private void WritePosting(Utf8JsonWriter json, in Posting posting, ulong sequence, int ordinal, TenantEntry tenant)
    {
        var asset = names.Asset(posting.Asset);
        json.WriteStartObject();
        json.WriteString("asset", asset.Code);
        json.WriteNumber("assetHandle", posting.Asset);
        json.WriteNumber("scale", asset.Scale);
        json.WriteAmount("amount", posting.Amount, asset.Scale);
        json.WriteString("flags", posting.Flags.ToString());
        json.WriteStartObject("debit");
        WriteSide(json, tenant, asset.Scale, new(posting.DebitWallet, posting.DebitLot, posting.DebitAccount, posting.DebitLotHandle, posting.DebitAfter, posting.DebitPrevious, Numbers.Of(sequence, ordinal), posting.Has(PostingFlags.DebitReserved)));
        json.WriteStartObject("credit");
        WriteSide(json, tenant, asset.Scale, new(posting.CreditWallet, posting.CreditLot, posting.CreditAccount, posting.CreditLotHandle, posting.CreditAfter, posting.CreditPrevious, Numbers.Of(sequence, ordinal + 1), posting.Has(PostingFlags.CreditReserved)));
        json.WriteEndObject();
    }

    private void WriteSide(Utf8JsonWriter json, TenantEntry tenant, int scale, in PostingSide side)
    {
        json.WriteString("externalId", names.Wallet(side.Wallet));
        json.WriteNamed("wallet", tenant, IdKind.Wallet, side.Wallet);
        json.WriteNamed("lot", tenant, IdKind.Lot, side.Lot);
        json.WriteNamed("entry", tenant, IdKind.Entry, side.Entry);
        json.WriteString("column", side.Reserved ? "reserved" : "available");
        json.WriteAmount("after", side.After, scale);
        if (side.Previous == 0) json.WriteNull("previous");
        else json.WriteNamed("previous", tenant, IdKind.Entry, side.Previous);
        json.WriteNumber("accountHandle", side.Account);
        json.WriteNumber("lotHandle", side.LotHandle);
        json.WriteEndObject();
    }

    private readonly record struct PostingSide(ulong Wallet, ulong Lot, int Account, int LotHandle, Int128 After, ulong Previous, ulong Entry, bool Reserved);
}
