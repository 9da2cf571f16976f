using System.Globalization;
using System.Text.Json;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Balance;

/// <summary>A wallet's state, for people and for programs.</summary>
internal static class BalanceReport
{
    public static void WriteTables(WalletState state, ToolConsole console)
    {
        var ids = state.Tenant.Ids;
        var tables = console.Tables();
        tables.Write(Tables.OfFacts()
            .Row("wallet", $"{state.ExternalId}  {ids.Format(IdKind.Wallet, state.Wallet.Number)}")
            .Row("tenant", state.Tenant.Name)
            .Row("status", state.Wallet.Status.ToString().ToUpperInvariant() + (state.Wallet.Pooled ? ", pooled" : "") + (state.Wallet.System ? ", system" : ""))
            .Row("as of", $"sequence {state.Sequence}, {Stamp.Format(state.Stamp)}"));
        var balances = Tables.WithColumns("asset", "available", "reserved", "lifetime", "floor", "ceiling", "lots");
        foreach (var balance in state.Balances) AddRow(balances, balance);
        tables.Write(balances);
        if (state.Lots.Count > 0)
        {
            var lots = Tables.WithColumns("lot", "asset", "available", "reserved", "initial", "expires", "made", "kind");
            foreach (var lot in state.Lots) AddRow(lots, lot, ids);
            tables.Write(lots);
        }

        if (state.Reservations.Count == 0) return;
        var reservations = Tables.WithColumns("open reservation", "asset", "amount", "expires", "made", "lots");
        foreach (var reservation in state.Reservations) AddRow(reservations, reservation, ids);
        tables.Write(reservations);
    }

    public static void WriteJson(WalletState state, TextWriter output) => JsonLine.Write(output, json =>
    {
        json.WriteString("tenant", state.Tenant.Name);
        json.WriteString("externalId", state.ExternalId);
        json.WriteNamed("wallet", state.Tenant, IdKind.Wallet, state.Wallet.Number);
        json.WriteString("status", state.Wallet.Status.ToString());
        json.WriteBoolean("pooled", state.Wallet.Pooled);
        json.WriteBoolean("system", state.Wallet.System);
        json.WriteTime("createdAt", state.Wallet.CreatedAt);
        json.WriteNumber("sequence", state.Sequence);
        json.WriteTime("time", state.Stamp);
        json.WriteStartArray("balances");
        foreach (var balance in state.Balances) Write(json, state, balance);
        json.WriteEndArray();
    });

    private static void AddRow(Spectre.Console.Table table, in BalanceView balance) => table.Row(
        AssetCode.Unpack(balance.Asset),
        Units.Format(balance.Available, balance.Scale),
        Units.Format(balance.Reserved, balance.Scale),
        Units.Format(balance.Lifetime, balance.Scale),
        balance.Floor == -LedgerLimits.UnitsMax ? "none" : Units.Format(balance.Floor, balance.Scale),
        balance.Ceiling == LedgerLimits.UnitsMax ? "none" : Units.Format(balance.Ceiling, balance.Scale),
        balance.Lots.ToString(CultureInfo.InvariantCulture));

    private static void AddRow(Spectre.Console.Table table, in LotView lot, PublicIds ids) => table.Row(
        ids.Format(IdKind.Lot, lot.Number),
        AssetCode.Unpack(lot.Asset),
        Units.Format(lot.Available, lot.Scale),
        Units.Format(lot.Reserved, lot.Scale),
        Units.Format(lot.Initial, lot.Scale),
        lot.Expired ? "expired" : lot.ExpiresAt == 0 ? "never" : Stamp.Format(lot.ExpiresAt),
        Stamp.Format(lot.CreatedAt),
        KindOf(lot));

    private static void AddRow(Spectre.Console.Table table, ReservationState reservation, PublicIds ids) => table.Row(
        ids.Format(IdKind.Reservation, reservation.View.Number),
        AssetCode.Unpack(reservation.View.Asset),
        Units.Format(reservation.View.Amount, reservation.View.Scale),
        Stamp.Format(reservation.View.ExpiresAt),
        Stamp.Format(reservation.View.CreatedAt),
        string.Join(", ", reservation.Slices.Select(slice => $"{Units.Format(slice.Amount, reservation.View.Scale)} of {ids.Format(IdKind.Lot, slice.Lot)}")));

    private static string KindOf(in LotView lot) => lot.Pooled ? "pooled" : lot.FromTransfer ? "transfer" : "credit";

    private static void Write(Utf8JsonWriter json, WalletState state, BalanceView balance)
    {
        json.WriteStartObject();
        json.WriteString("asset", AssetCode.Unpack(balance.Asset));
        json.WriteNumber("scale", balance.Scale);
        json.WriteAmount("available", balance.Available, balance.Scale);
        json.WriteAmount("reserved", balance.Reserved, balance.Scale);
        json.WriteAmount("lifetime", balance.Lifetime, balance.Scale);
        WriteBound(json, "floor", balance.Floor, balance.Scale);
        WriteBound(json, "ceiling", balance.Ceiling, balance.Scale);
        json.WriteStartArray("lots");
        foreach (var lot in state.Lots.Where(lot => lot.Asset == balance.Asset)) Write(json, state.Tenant, lot);
        json.WriteEndArray();
        json.WriteStartArray("reservations");
        foreach (var reservation in state.Reservations.Where(reservation => reservation.View.Asset == balance.Asset)) Write(json, state.Tenant, reservation);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBound(Utf8JsonWriter json, string name, Int128 bound, int scale)
    {
        if (Int128.Abs(bound) == LedgerLimits.UnitsMax) json.WriteNull(name);
        else json.WriteAmount(name, bound, scale);
    }

    private static void Write(Utf8JsonWriter json, TenantEntry tenant, in LotView lot)
    {
        json.WriteStartObject();
        json.WriteNamed("lot", tenant, IdKind.Lot, lot.Number);
        json.WriteAmount("available", lot.Available, lot.Scale);
        json.WriteAmount("reserved", lot.Reserved, lot.Scale);
        json.WriteAmount("initial", lot.Initial, lot.Scale);
        json.WriteTime("expiresAt", lot.ExpiresAt);
        json.WriteTime("createdAt", lot.CreatedAt);
        json.WriteBoolean("expired", lot.Expired);
        json.WriteString("kind", KindOf(lot));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TenantEntry tenant, ReservationState reservation)
    {
        var view = reservation.View;
        json.WriteStartObject();
        json.WriteNamed("reservation", tenant, IdKind.Reservation, view.Number);
        json.WriteAmount("amount", view.Amount, view.Scale);
        json.WriteTime("expiresAt", view.ExpiresAt);
        json.WriteTime("createdAt", view.CreatedAt);
        json.WriteStartArray("slices");
        foreach (var slice in reservation.Slices)
        {
            json.WriteStartObject();
            json.WriteNamed("lot", tenant, IdKind.Lot, slice.Lot);
            json.WriteAmount("amount", slice.Amount, view.Scale);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
