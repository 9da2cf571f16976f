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
            if (StatusOf(part.Kind) != ReservationStatus.None && part.Body<ReservationEndedBody>().Number == reservation) return Of(part, fact.Context, index);
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
            if (StatusOf(part.Kind) != ReservationStatus.None) endings[part.Body<ReservationEndedBody>().Number] = Of(part, fact.Context, index);
            index++;
        }
    }

    private static ReservationOutcome Of(in FactPart part, in FactContext context, int index)
    {
        ref readonly var body = ref part.Body<ReservationEndedBody>();
        return new ReservationOutcome(StatusOf(part.Kind), body.Captured, body.Returned, body.Destination, context.Sequence, index, context.Stamp);
    }

    private static ReservationStatus StatusOf(PartKind kind) => kind switch
    {
        PartKind.Committed => ReservationStatus.Committed,
        PartKind.Released => ReservationStatus.Released,
        PartKind.ReservationExpired => ReservationStatus.Expired,
        _ => ReservationStatus.None,
    };
}
