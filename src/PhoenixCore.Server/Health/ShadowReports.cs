using System.Globalization;
using System.Text;
using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Logs;
using PhoenixCore.Shard.Shadow;

namespace PhoenixCore.Server.Health;

/// <summary>Keeps what the shadow has found: a file of JSON lines for each account, the smallest replay that shows the difference.</summary>
internal sealed class ShadowReports(string directory, ILogger log)
{
    /// <summary>Inside the data directory.</summary>
    public const string Directory = "shadow";

    /// <summary>On the shadow's thread. A file that cannot be written is said in the log, with all that is known already there.</summary>
    public void Write(ShadowMismatch mismatch)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"mismatch-{mismatch.Sequence:D12}-{mismatch.Wallet}-{mismatch.Asset}.ndjson");
        try
        {
            DurableFile.WriteText(new PosixStorage(directory), name, Lines(mismatch));
        }
        catch (JournalIoException error)
        {
            log.LogError(LogEvents.ShadowReportNotWritten, error, "The shadow's report {Name} could not be written.", name);
        }
    }

    private static string Lines(ShadowMismatch mismatch)
    {
        var text = new StringBuilder();
        Line(text, to =>
        {
            to.WriteString("flaw", JsonNamingPolicy.SnakeCaseLower.ConvertName(mismatch.Flaw.ToString()));
            to.WriteNumber("tenant", mismatch.Tenant);
            to.WriteNumber("wallet", mismatch.Wallet);
            to.WriteNumber("wallet_made_at", Numbers.SequenceOf(mismatch.Wallet));
            to.WriteNumber("asset", mismatch.Asset);
            to.WriteNumber("sequence", mismatch.Sequence);
            to.WriteNumber("agreed_at", mismatch.AgreedAt);
            Balance(to, "expected", mismatch.Expected);
            Balance(to, "found", mismatch.Found);
        });
        foreach (var step in mismatch.Replay)
        {
            Line(text, to =>
            {
                to.WriteNumber("sequence", step.Sequence);
                to.WriteString("column", step.IsReserved ? "reserved" : "available");
                to.WriteString("amount", step.Amount.ToString(CultureInfo.InvariantCulture));
                to.WriteString("after", step.After.ToString(CultureInfo.InvariantCulture));
            });
        }

        return text.ToString();
    }

    private static void Balance(Utf8JsonWriter to, string name, ShadowBalance balance)
    {
        to.WriteStartObject(name);
        to.WriteString("available", balance.Available.ToString(CultureInfo.InvariantCulture));
        to.WriteString("reserved", balance.Reserved.ToString(CultureInfo.InvariantCulture));
        to.WriteEndObject();
    }

    private static void Line(StringBuilder text, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var to = new Utf8JsonWriter(bytes))
        {
            to.WriteStartObject();
            write(to);
            to.WriteEndObject();
        }

        text.Append(Encoding.UTF8.GetString(bytes.ToArray())).Append('\n');
    }
}
