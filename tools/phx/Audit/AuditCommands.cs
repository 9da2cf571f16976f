using System.Globalization;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.History.Totals;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;
using PhoenixCore.Tools.Verify;

namespace PhoenixCore.Tools.Audit;

/// <summary>phx audit run: the books of a directory at rest, twice: as the state that its facts lead to, and as sums of all its entries.</summary>
internal static class AuditCommands
{
    public static int Run(string directory, bool json, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        using var ledger = new LedgerCore(new LedgerOptions());
        var names = new JournalNames();
        var learned = new LearningVisitor(names, new VerifyVisitor(ledger));
        var visitor = new MeteredVisitor(learned, data.SegmentBytes);
        var report = ProgressBar.Run(console, "replaying", () => visitor.Fraction, () => data.Inspect(visitor));
        var fault = ledger.FindFault();
        using var archive = data.OpenArchive();
        var trial = new TrialBalance(archive.Reader);
        var lines = learned.Tenants.SelectMany(tenant => Trial(trial, tenant.Number).Select(asset => (Tenant: tenant, Asset: asset))).ToArray();
        var isSound = fault is null && lines.All(line => line.Asset.IsBalanced);
        if (json)
        {
            foreach (var (tenant, asset) in lines)
            {
                JsonLine.Write(console.Out, to =>
                {
                    to.WriteString("tenant", tenant.Name);
                    to.WriteString("asset", names.Asset(asset.Asset).Code);
                    to.WriteNumber("postings", asset.Postings);
                    to.WriteString("debits", asset.Debits.ToString(CultureInfo.InvariantCulture));
                    to.WriteString("credits", asset.Credits.ToString(CultureInfo.InvariantCulture));
                    to.WriteBoolean("balanced", asset.IsBalanced);
                });
            }

            JsonLine.Write(console.Out, to =>
            {
                to.WriteBoolean("ok", isSound);
                to.WriteString("fault", fault);
                to.WriteNumber("sequence", report.LastSequence);
                to.WriteString("digest", ledger.Digest().ToString("x32", CultureInfo.InvariantCulture));
            });
        }
        else
        {
            var table = Tables.WithColumns("tenant", "asset", "postings", "debits", "credits", "verdict");
            foreach (var (tenant, asset) in lines) table.Row(tenant.Name, names.Asset(asset.Asset).Code, asset.Postings.ToString(CultureInfo.InvariantCulture), asset.Debits.ToString(CultureInfo.InvariantCulture), asset.Credits.ToString(CultureInfo.InvariantCulture), asset.IsBalanced ? "ok" : "DIFFER");
            console.Tables().Write(table);
            console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sequence {report.LastSequence}, {(isSound ? "the books hold" : $"THE BOOKS DO NOT HOLD: {fault ?? "debits and credits differ"}")}"));
        }

        return isSound ? ExitCode.Ok : ExitCode.InvariantBroken;
    }

    private static IReadOnlyList<AssetTrial> Trial(TrialBalance trial, uint tenant)
    {
        TrialReport report;
        do report = trial.Read(tenant);
        while (!report.IsComplete);
        return report.Assets;
    }
}
