using System.Numerics;
using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>Whether an account can receive an amount.</summary>
internal static class RoomRule
{
    /// <param name="account">Null: not made yet, so empty and without ceiling.</param>
    /// <param name="amount">At least 1.</param>
    public static ModelResult Check(Account? account, BigInteger amount)
    {
        if (account is null) return ModelResult.Accepted;

        // The total is bounded, not only the column: what is reserved may come back to available, and a release cannot be refused.
        var total = account.Available + account.Reserved + amount;
        if (total > account.Ceiling) return ModelResult.BalanceLimitExceeded;
        return total > TenantBooks.Max || account.Available + amount > TenantBooks.Max ? ModelResult.BalanceWouldOverflow : ModelResult.Accepted;
    }
}
