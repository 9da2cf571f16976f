using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Shard.History;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Reads how reservations ended out of facts.</summary>
internal static class ReservationEndings
{
    /// <summary>Null when the fact does not end it.</summary>
    public static ReservationOutcome? Find(HeldFact fact, ulong reservation)
    {
        var index = 0;
        foreach (var part in fact.Parts)
        {
            if (part.ChangedReservation() == reservation && part.StatusAfter() != ReservationStatus.Pending) return Of(part, fact.Context, index);
            index++;
        }

        return null;
    }

    /// <summary>Remembers every ending of the fact.</summary>
    public static void Note(HeldFact fact, Dictionary<ulong, ReservationOutcome> endings)
    {
        var index = 0;
        foreach (var part in fact.Parts)
        {
            if (part.ChangedReservation() is > 0 and var reservation && part.StatusAfter() != ReservationStatus.Pending) endings[reservation] = Of(part, fact.Context, index);
            index++;
        }
    }

    private static ReservationOutcome Of(in FactPart part, in FactContext context, int index)
    {
        var (captured, returned) = part.Kind switch
        {
            PartKind.Captured => (part.Body<CapturedBody>().Change.Captured, part.Body<CapturedBody>().Change.Released),
            PartKind.Returned or PartKind.ChangedReservationExpired => (part.Body<ReservationChangedBody>().Captured, part.Body<ReservationChangedBody>().Released),
            _ => (part.Body<ReservationEndedBody>().Captured, part.Body<ReservationEndedBody>().Returned),
        };
        return new ReservationOutcome(part.StatusAfter(), captured, returned, part.CaptureDestination(), context.Sequence, index, context.Stamp);
    }
}
