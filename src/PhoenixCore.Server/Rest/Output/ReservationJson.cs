using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>Reservations: what was held comes from the fact that made them, how they ended from the one that ended them.</summary>
internal static unsafe class ReservationJson
{
    public static void WriteCreated(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, in FactContext context)
    {
        WriteHeld(to, scope, tenant, part, ReservationStatus.Pending, context);
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    /// <summary>After it was committed, released or expired by this part.</summary>
    public static void WriteEnded(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, int index, in FactContext context)
    {
        var body = part.Body<ReservationEndedBody>();
        var status = part.Kind switch
        {
            PartKind.Committed => ReservationStatus.Committed,
            PartKind.Released => ReservationStatus.Released,
            _ => ReservationStatus.Expired,
        };
        var scale = scope.Asset(tenant, part.Postings[0].Asset).Scale;
        if (!TryWriteHeld(to, scope, tenant, body.Number, status)) throw new InvariantBrokenException("a reservation's fact is not in the journal");
        to.Amount("committed_amount"u8, "committed_amount_minor"u8, body.Captured, scale);
        to.Amount("released_amount"u8, "released_amount_minor"u8, body.Returned, scale);
        if (body.Destination != 0) to.Id("transfer_id"u8, tenant, IdKind.Transfer, Numbers.Of(context.Sequence, index));
        to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    /// <summary>After it was incremented or extended, or captured or released beyond the plain ways: what this part says, so that a repetition says the same.</summary>
    public static void WriteChanged(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, int index, in FactContext context)
    {
        var body = part.Kind == PartKind.Captured ? part.Body<CapturedBody>().Change : part.Body<ReservationChangedBody>();
        var asset = scope.Asset(tenant, part.Postings.IsEmpty ? scope.AssetOfReservation(body.Number) : part.Postings[0].Asset);
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Reservation, body.Number);
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, body.Wallet);
        MoneyJson.WriteSum(to, body.Held + body.Captured + body.Released, asset);
        WriteStatus(to, part.StatusAfter());
        to.Time("expires_at"u8, body.ExpiresAt);
        WriteTotals(to, body.Held, body.Captured, body.Released, asset.Scale);
        WriteWords(to, scope, tenant, body.Number);
        if (body.Destination != 0) to.Id("transfer_id"u8, tenant, IdKind.Transfer, Numbers.Of(context.Sequence, index));
        to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(context.Sequence, 0));
        to.Time("updated_at"u8, context.Stamp);
        to.Json.WriteEndObject();
    }

    private static void WriteTotals(JsonBody to, Int128 held, Int128 captured, Int128 released, int scale)
    {
        to.Amount("held_amount"u8, "held_amount_minor"u8, held, scale);
        to.Amount("committed_amount"u8, "committed_amount_minor"u8, captured, scale);
        to.Amount("released_amount"u8, "released_amount_minor"u8, released, scale);
    }

    /// <summary>As a question found it, whenever it ended.</summary>
    public static void WriteFound(JsonBody to, RenderScope scope, TenantContext tenant, in HistoryRow made, in ReservationOutcome outcome)
    {
        fixed (byte* payload = made.Fact)
        {
            var index = 0;
            foreach (var part in new FactParts(payload))
            {
                if (index++ != made.Place) continue;
                WriteHeld(to, scope, tenant, part, outcome.Status, made.Context, outcome);
                WriteOutcome(to, tenant, outcome, scope.Asset(tenant, part.Postings[0].Asset).Scale, made.Context);
            }
        }
    }

    private static void WriteOutcome(JsonBody to, TenantContext tenant, in ReservationOutcome outcome, int scale, in FactContext made)
    {
        WriteTotals(to, outcome.Live?.View.Amount ?? 0, outcome.Captured, outcome.Returned, scale);
        if (outcome.Destination != 0) to.Id("transfer_id"u8, tenant, IdKind.Transfer, Numbers.Of(outcome.Sequence, outcome.Part));
        if (outcome.Sequence != 0) to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(outcome.Sequence, 0));
        to.Time("updated_at"u8, outcome.Sequence != 0 ? outcome.Stamp : made.Stamp);
        to.Json.WriteEndObject();
    }

    /// <summary>The reservation's own; those of a change stand with its transaction.</summary>
    private static void WriteWords(JsonBody to, RenderScope scope, TenantContext tenant, ulong number)
    {
        fixed (byte* payload = scope.Older(tenant, Numbers.SequenceOf(number), out _))
        {
            if (payload == null) throw new InvariantBrokenException("a reservation's fact is not in the journal");
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.Reserved && part.Body<ReservedBody>().Number == number) WriteWords(to, part);
            }
        }
    }

    private static void WriteWords(JsonBody to, in FactPart made)
    {
        Texts.WriteReferenceAndMetadata(to, made.Extras);
        Texts.Write(to, "intent"u8, made.Extras, ExtraTag.Intent);
    }

    private static bool TryWriteHeld(JsonBody to, RenderScope scope, TenantContext tenant, ulong number, ReservationStatus status)
    {
        fixed (byte* payload = scope.Older(tenant, Numbers.SequenceOf(number), out var made))
        {
            if (payload == null) return false;
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind != PartKind.Reserved || part.Body<ReservedBody>().Number != number) continue;
                WriteHeld(to, scope, tenant, part, status, made);
                return true;
            }
        }

        return false;
    }

    /// <summary>Leaves the object open.</summary>
    private static void WriteHeld(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part, ReservationStatus status, in FactContext made, ReservationOutcome? found = null)
    {
        ref readonly var body = ref part.Body<ReservedBody>();
        var asset = scope.Asset(tenant, part.Postings[0].Asset);
        to.Json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Reservation, body.Number);
        to.Id("wallet_id"u8, tenant, IdKind.Wallet, body.Wallet);
        var live = found?.Live;
        MoneyJson.WriteSum(to, found is { } known ? (live?.View.Amount ?? 0) + known.Captured + known.Returned : body.Amount, asset);
        WriteStatus(to, status);
        to.Time("expires_at"u8, live?.View.ExpiresAt ?? body.ExpiresAt);
        WriteWords(to, part);
        to.Json.WriteStartArray("held_lots"u8);
        if (live is null)
        {
            foreach (ref readonly var posting in part.Postings) WriteHeldLot(to, tenant, posting.DebitLot, posting.Amount, asset.Scale);
        }
        else
        {
            foreach (var held in live.Held) WriteHeldLot(to, tenant, held.Lot, held.Amount, asset.Scale);
        }

        to.Json.WriteEndArray();
        to.Time("created_at"u8, made.Stamp);
    }

    private static void WriteHeldLot(JsonBody to, TenantContext tenant, ulong lot, Int128 amount, int scale)
    {
        to.Json.WriteStartObject();
        to.Id("lot_id"u8, tenant, IdKind.Lot, lot);
        to.Amount("amount"u8, "amount_minor"u8, amount, scale);
        to.Json.WriteEndObject();
    }

    private static void WriteStatus(JsonBody to, ReservationStatus status)
    {
        switch (status)
        {
            case ReservationStatus.Pending: to.Status("active"u8, "PENDING"u8); break;
            case ReservationStatus.Committed: to.Status("committed"u8, "COMMITTED"u8); break;
            case ReservationStatus.Released: to.Status("released"u8, "RELEASED"u8); break;
            case ReservationStatus.Expired: to.Status("expired"u8, "EXPIRED"u8); break;
            case ReservationStatus.None: throw new InvariantBrokenException("a reservation without a status");
        }
    }
}
