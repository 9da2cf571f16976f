using System.Globalization;
using System.Numerics;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard.History.Totals;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>The trial balance. Its sums may have more digits than amounts.</summary>
internal static class TrialBalanceJson
{
    /// <param name="wanted">Only this asset; null = all.</param>
    public static void Write(JsonBody to, TrialReport report, Dictionary<int, AssetInfo> assets, AssetInfo? wanted)
    {
        var shown = report.Assets.Where(asset => wanted is null || asset.Asset == wanted.Handle).ToArray();
        to.Json.WriteStartObject();
        to.Json.WriteStartObject("as_of"u8);
        to.Json.WriteNumber("sequence"u8, report.Sequence);
        if (report.Stamp == 0) to.Json.WriteNull("time"u8);
        else to.Time("time"u8, report.Stamp);
        to.Json.WriteEndObject();
        to.Json.WriteBoolean("complete"u8, report.IsComplete);
        to.Json.WriteBoolean("balanced"u8, shown.All(asset => asset.IsBalanced));
        to.Json.WriteStartArray("assets"u8);
        foreach (var asset in shown) Write(to, asset, assets[asset.Asset]);
        to.Json.WriteEndArray();
        to.Json.WriteEndObject();
    }

    private static void Write(JsonBody to, AssetTrial trial, AssetInfo asset)
    {
        to.Json.WriteStartObject();
        to.Asset(asset);
        to.Scale(asset);
        to.Json.WriteNumber("postings"u8, trial.Postings);
        Write(to, "total_debits", trial.Debits, asset.Scale);
        Write(to, "total_credits", trial.Credits, asset.Scale);
        to.Json.WriteBoolean("balanced"u8, trial.IsBalanced);
        to.Json.WriteStartArray("lines"u8);
        foreach (var line in trial.Lines)
        {
            to.Json.WriteStartObject();
            to.Json.WriteString("account"u8, NameOf(line.Class));
            Write(to, "debits", line.Debits, asset.Scale);
            Write(to, "credits", line.Credits, asset.Scale);
            Write(to, "balance", line.Credits - line.Debits, asset.Scale);
            to.Json.WriteEndObject();
        }

        to.Json.WriteEndArray();
        to.Json.WriteEndObject();
    }

    public static string NameOf(AccountClass line) => line switch
    {
        AccountClass.SystemLiability => "system:liability",
        AccountClass.SystemConsumption => "system:consumption",
        AccountClass.SystemBreakage => "system:breakage",
        AccountClass.SystemAdjustment => "system:adjustment",
        AccountClass.WalletsAvailable => "wallets:available",
        AccountClass.WalletsReserved => "wallets:reserved",
    };

    private static void Write(JsonBody to, string name, BigInteger units, int scale)
    {
        var digits = units.ToString(CultureInfo.InvariantCulture);
        to.Json.WriteString(name, to.IsConcepts ? digits : Decimal(units, scale));
        to.Json.WriteString(name + "_minor", digits);
    }

    private static string Decimal(BigInteger units, int scale)
    {
        var digits = BigInteger.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : digits[..^scale] + "." + digits[^scale..];
        return units.Sign < 0 ? "-" + text : text;
    }
}
