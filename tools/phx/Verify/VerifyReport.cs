using System.Globalization;
using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Verify;

/// <summary>A verification's findings, for people and for programs.</summary>
internal static class VerifyReport
{
    public static void WriteTable(DataDirectory data, VerifyResult result, ToolConsole console)
    {
        var journal = result.Journal;
        var table = Tables.OfFacts()
            .Row("journal", data.Path)
            .Row("shard", data.Shard.ToString())
            .Row("found", $"case {journal.Letter}: {journal.Explanation}")
            .Row("last sequence", Number(journal.LastSequence))
            .Row("last stamp", journal.LastStampedAt == 0 ? "none" : Stamp.Format(journal.LastStampedAt))
            .Row("chain", journal.Chain.ToString())
            .Row("epochs", $"{result.Epochs.Count}, the last one {journal.Epoch}")
            .Row("segments", $"{data.Segments}, the end is in segment {journal.EndSegment} at byte {Number(journal.EndOffset)}")
            .Row("bytes read", Number(journal.ReadBytes))
            .Row("facts", $"{Number(journal.VisitedRecords)} in {journal.ReplayMilliseconds:F0} ms, {Number(result.FactsPerSecond)} facts/s")
            .Row("books", $"{Number(result.Counts.Wallets)} wallets, {Number(result.Counts.Accounts)} accounts, {Number(result.Counts.Lots)} lots, {Number(result.Counts.Reservations)} open reservations")
            .Row("digest", result.Digest.ToString("x32"));
        foreach (var note in journal.Notes) table.Row("note", note);
        foreach (var stray in result.Strays) table.Row(stray.IsDamage ? "damaged" : "note", $"{stray.File} at byte {stray.Offset}: {stray.What}");
        table.Row("verdict", result.BooksFault is { } fault ? $"THE BOOKS DO NOT HOLD: {fault}" : result.ExitCode == ExitCode.Ok ? "ok" : "DAMAGED beside the facts");
        console.Tables().Write(table);
    }

    public static void WriteJson(DataDirectory data, VerifyResult result, TextWriter output) => JsonLine.Write(output, json =>
    {
        var journal = result.Journal;
        json.WriteBoolean("ok", result.ExitCode == ExitCode.Ok);
        json.WriteString("fault", result.BooksFault);
        WritePlace(json, data, journal.Case, journal.Explanation);
        json.WriteNumber("lastSequence", journal.LastSequence);
        json.WriteTime("lastTime", journal.LastStampedAt);
        json.WriteString("chain", journal.Chain.ToString());
        json.WriteNumber("epoch", journal.Epoch);
        json.WriteStartArray("epochs");
        foreach (var epoch in result.Epochs)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch.Epoch);
            json.WriteNumber("firstSequence", epoch.FirstSequence);
            json.WriteTime("firstTime", epoch.FirstStampedAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("segments", data.Segments);
        json.WriteNumber("endSegment", journal.EndSegment);
        json.WriteNumber("endOffset", journal.EndOffset);
        json.WriteNumber("bytes", journal.ReadBytes);
        json.WriteNumber("facts", journal.VisitedRecords);
        json.WriteNumber("milliseconds", journal.ReplayMilliseconds);
        json.WriteNumber("factsPerSecond", Math.Round(result.FactsPerSecond));
        json.WriteNumber("wallets", result.Counts.Wallets);
        json.WriteNumber("accounts", result.Counts.Accounts);
        json.WriteNumber("lots", result.Counts.Lots);
        json.WriteNumber("reservations", result.Counts.Reservations);
        json.WriteString("digest", result.Digest.ToString("x32"));
        json.WriteStartArray("notes");
        foreach (var note in journal.Notes) json.WriteStringValue(note);
        json.WriteEndArray();
        WriteStrays(json, result.Strays);
    });

    /// <param name="strays">Where to look besides: a group that is lost at a segment's start is missed at the end of the one before.</param>
    public static void WriteJson(DataDirectory data, JournalDamagedException damage, IReadOnlyList<Stray> strays, TextWriter output) => JsonLine.Write(output, json =>
    {
        json.WriteBoolean("ok", false);
        WritePlace(json, data, damage.Case, damage.Explanation);
        json.WriteNumber("segment", damage.Segment);
        json.WriteNumber("offset", damage.Offset);
        json.WriteNumber("sequence", damage.Sequence);
        WriteStrays(json, strays);
    });

    private static void WriteStrays(Utf8JsonWriter json, IReadOnlyList<Stray> strays)
    {
        json.WriteStartArray("strays");
        foreach (var stray in strays)
        {
            json.WriteStartObject();
            json.WriteString("file", stray.File);
            json.WriteNumber("offset", stray.Offset);
            json.WriteBoolean("damage", stray.IsDamage);
            json.WriteString("what", stray.What);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePlace(Utf8JsonWriter json, DataDirectory data, RecoveryCase found, string explanation)
    {
        json.WriteString("journal", data.Path);
        json.WriteString("shard", data.Shard.ToString());
        json.WriteString("case", ((char)found).ToString());
        json.WriteString("caseName", found.ToString());
        json.WriteString("explanation", explanation);
    }

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString("N0", CultureInfo.InvariantCulture);
}
