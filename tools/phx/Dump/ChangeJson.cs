using System.Runtime.InteropServices;
using System.Text.Json;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;

namespace PhoenixCore.Tools.Dump;

/// <summary>The fields of the parts that change reservations and lots and undo transactions; nothing for kinds without a body.</summary>
internal static class ChangeJson
{
    public static void Write(Utf8JsonWriter json, in FactPart part, JournalNames names, TenantEntry? tenant)
    {
        switch (part.Kind)
        {
            case PartKind.Captured:
                var captured = part.Body<CapturedBody>();
                Write(json, captured.Change, names, tenant!);
                json.WriteNumberText("returned", captured.Returned);
                json.WriteNumberText("taken", captured.Taken);
                json.WriteBoolean("hasTerms", captured.HasTerms != 0);
                JsonBody.Write(json, captured.Terms);
                break;
            case PartKind.ReservationIncremented or PartKind.ReservationExtended or PartKind.Returned or PartKind.ChangedReservationExpired:
                Write(json, part.Body<ReservationChangedBody>(), names, tenant!);
                break;
            case PartKind.LotUpdated:
                var updated = part.Body<LotUpdatedBody>();
                json.WriteNamed("lot", tenant!, IdKind.Lot, updated.Number);
                JsonBody.WriteWallet(json, updated.Wallet, names, tenant!);
                JsonBody.Write(json, updated.Terms);
                json.WriteNumber("lotHandle", updated.Handle);
                json.WriteNumberText("changeBefore", updated.ChangeBefore);
                break;
            case PartKind.CreditReversed or PartKind.TransferReversed:
                var reversed = part.Body<ReversedBody>();
                json.WriteNamed("original", tenant!, part.Kind == PartKind.CreditReversed ? IdKind.Credit : IdKind.Transfer, reversed.Original);
                JsonBody.WriteWallet(json, reversed.Wallet, names, tenant!);
                json.WriteNumberText("amount", reversed.Amount);
                json.WriteNumberText("total", reversed.Total);
                WriteReturnedTerms(json, part.Extras, tenant!);
                break;
            default:
                break;
        }
    }

    /// <summary>The terms of lots that the reversal made again.</summary>
    private static void WriteReturnedTerms(Utf8JsonWriter json, ReadOnlySpan<byte> extras, TenantEntry tenant)
    {
        json.WriteStartArray("returnedTerms");
        while (Extras.TryTake(ref extras, out var returned))
        {
            json.WriteStartObject();
            json.WriteNumber("posting", returned.Posting);
            JsonBody.Write(json, returned.Terms);
            if (Extras.TryTakeLot(ref extras, out var lot)) Write(json, MemoryMarshal.Read<ReturnedLot>(lot), tenant);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, in ReturnedLot lot, TenantEntry tenant)
    {
        if (lot.Policy != 0) json.WriteNamed("policy", tenant, IdKind.Policy, lot.Policy);
        json.WriteNumber("policyVersion", lot.Version);
        json.WriteNumberText("wagering", lot.Wagering);
    }

    private static void Write(Utf8JsonWriter json, in ReservationChangedBody body, JournalNames names, TenantEntry tenant)
    {
        json.WriteNamed("reservation", tenant, IdKind.Reservation, body.Number);
        JsonBody.WriteWallet(json, body.Wallet, names, tenant);
        json.WriteString("destination", body.Destination != 0 ? names.Wallet(body.Destination) : null);
        json.WriteTime("expiresAt", body.ExpiresAt);
        json.WriteNumberText("amount", body.Amount);
        json.WriteNumberText("held", body.Held);
        json.WriteNumberText("captured", body.Captured);
        json.WriteNumberText("released", body.Released);
        json.WriteNumber("accountHandle", body.Account);
        json.WriteNumber("reservationHandle", body.Handle);
    }
}
