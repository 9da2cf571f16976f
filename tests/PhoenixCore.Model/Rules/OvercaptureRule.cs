using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules;

/// <summary>How much more than it holds may be captured of a reservation.</summary>
internal static class OvercaptureRule
{
    /// <summary>The largest that a policy of the asset or of the wallet grants by its latest version.</summary>
    public static BigInteger Cap(TenantBooks books, Reservation reservation)
    {
        var bound = (books.AssetPolicies.GetValueOrDefault(reservation.Asset) ?? []).Concat(books.WalletPolicies.GetValueOrDefault(reservation.Wallet) ?? []);
        var grants = bound.Select(id => books.Policies[id]).Where(policy => policy.Status != PolicyStatus.Inactive)
            .Select(policy => GrantOf(policy.At(policy.Latest), reservation.First, books.Assets[reservation.Asset].Scale));
        return grants.Append(BigInteger.Zero).Max();
    }

    private static BigInteger GrantOf(PolicyVersion version, BigInteger first, int scale)
    {
        var amount = version.OvercaptureAmount?.Units(scale, up: false);
        var share = version.OvercapturePercent is { } percent ? first * percent.Digits / (100 * BigInteger.Pow(10, percent.Decimals ?? 0)) : (BigInteger?)null;
        return amount is { } units && share is { } part ? BigInteger.Min(units, part) : amount ?? share ?? 0;
    }
}
