using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;

namespace PhoenixCore.Server.Grpc.Rendering;

/// <summary>Reservations: what was held from the fact that made them, how they ended from the one that ended them. Any thread.</summary>
internal static class ReservationRenderer
{
    public static async ValueTask<Reservation> RenderAsync(TenantContext tenant, AssetDirectory assets, HistoryRow made, ReservationOutcome outcome, CancellationToken ct)
    {
        var asset = await assets.FindAsync(tenant, AssetOf(made), ct).ConfigureAwait(false) ?? throw new InvariantBrokenException("a reservation's asset is not there");
        var reservation = Held(tenant, made, asset);
        reservation.Status = WireValues.StatusOf(outcome.Status);
        if (outcome.Live is { } live) Refresh(reservation, tenant, live, asset);
        reservation.CommittedAmount = WireValues.AmountOf(outcome.Captured, asset);
        reservation.ReleasedAmount = WireValues.AmountOf(outcome.Returned, asset);
        if (outcome.Sequence == 0) return reservation;
        reservation.EndTransactionId = tenant.Ids.Format(IdKind.Transaction, Numbers.Of(outcome.Sequence, 0));
        reservation.EndedAtUnixNs = outcome.Stamp;
        return reservation;
    }

    private static void Refresh(Reservation reservation, TenantContext tenant, LiveReservation live, AssetInfo asset)
    {
        reservation.Amount = WireValues.AmountOf(live.View.Amount + live.View.Captured + live.View.Released, asset);
        reservation.ExpiresAtUnixNs = live.View.ExpiresAt;
        reservation.HeldLots.Clear();
        foreach (var held in live.Held) reservation.HeldLots.Add(new HeldLot { LotId = tenant.Ids.Format(IdKind.Lot, held.Lot), Amount = WireValues.AmountOf(held.Amount, asset) });
    }

    private static unsafe int AssetOf(HistoryRow made)
    {
        fixed (byte* payload = made.Fact) return PartOf(payload, made.Place).Postings[0].Asset;
    }

    private static unsafe Reservation Held(TenantContext tenant, HistoryRow made, AssetInfo asset)
    {
        fixed (byte* payload = made.Fact)
        {
            var part = PartOf(payload, made.Place);
            ref readonly var body = ref part.Body<ReservedBody>();
            var reservation = new Reservation
            {
                Id = tenant.Ids.Format(IdKind.Reservation, body.Number),
                WalletId = tenant.Ids.Format(IdKind.Wallet, body.Wallet),
                Amount = WireValues.AmountOf(body.Amount, asset),
                ExpiresAtUnixNs = body.ExpiresAt,
                CreatedAtUnixNs = made.Context.Stamp,
                Reference = WireValues.TextOf(part.Extras, ExtraTag.Reference),
                MetadataJson = WireValues.TextOf(part.Extras, ExtraTag.Metadata),
            };
            foreach (ref readonly var posting in part.Postings)
                reservation.HeldLots.Add(new HeldLot { LotId = tenant.Ids.Format(IdKind.Lot, posting.DebitLot), Amount = WireValues.AmountOf(posting.Amount, asset) });
            return reservation;
        }
    }

    private static unsafe FactPart PartOf(byte* payload, int place)
    {
        var index = 0;
        foreach (var part in new FactParts(payload))
        {
            if (index++ == place) return part;
        }

        throw new InvariantBrokenException("a row names a part that its fact does not have");
    }
}
