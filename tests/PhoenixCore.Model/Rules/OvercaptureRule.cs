using System.Numerics;
using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>How much more than it holds may be captured of a reservation.</summary>
internal static class OvercaptureRule
{
    /// <summary>There are no policies here, so nothing.</summary>
    public static BigInteger Cap(Reservation reservation) => reservation.Pending ? BigInteger.Zero : throw new ArgumentException("Not pending.", nameof(reservation));
}
