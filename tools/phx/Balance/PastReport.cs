using PhoenixCore.Ledger.Ids;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Balance;

/// <summary>Balances of the past, for people and for programs.</summary>
internal static class PastReport
{
    public static void WriteTables(PastState state, ToolConsole console)
    {
        var tables = console.Tables();
        tables.Write(Tables.OfFacts()
            .Row("wallet", $"{state.ExternalId}  {state.Tenant.Ids.Format(IdKind.Wallet, state.Number)}")
            .Row("tenant", state.Tenant.Name)
            .Row("as of", $"sequence {state.Sequence}, {Stamp.Format(state.Stamp)}")
            .Row("by", "a search in the side indexes; --lots replays and shows more"));
        var balances = Tables.WithColumns("asset", "available", "reserved", "total");
        foreach (var (asset, available, reserved) in state.Balances)
            balances.Row(asset.Code, Units.Format(available, asset.Scale), Units.Format(reserved, asset.Scale), Units.Format(available + reserved, asset.Scale));
        tables.Write(balances);
    }

    public static void WriteJson(PastState state, TextWriter output) => JsonLine.Write(output, json =>
    {
        json.WriteString("tenant", state.Tenant.Name);
        json.WriteString("externalId", state.ExternalId);
        json.WriteNamed("wallet", state.Tenant, IdKind.Wallet, state.Number);
        json.WriteNumber("sequence", state.Sequence);
        json.WriteTime("time", state.Stamp);
        json.WriteStartArray("balances");
        foreach (var (asset, available, reserved) in state.Balances)
        {
            json.WriteStartObject();
            json.WriteString("asset", asset.Code);
            json.WriteNumber("scale", asset.Scale);
            json.WriteAmount("available", available, asset.Scale);
            json.WriteAmount("reserved", reserved, asset.Scale);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
