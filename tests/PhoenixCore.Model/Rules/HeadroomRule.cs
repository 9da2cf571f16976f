using System.Numerics;
using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>How much more of an asset may be issued or overdrawn.</summary>
internal static class HeadroomRule
{
    public static BigInteger Of(TenantBooks books, string asset)
    {
        var left = TenantBooks.Max;
        foreach (var account in books.Accounts.Where(account => account.Asset == asset && account.Available < 0))
        {
            if (account.Wallet == SystemWallets.Liability || !books.Wallets[account.Wallet].System) left += account.Available;
        }

        return left;
    }

    /// <summary>What a pooled account gives beyond what it has.</summary>
    public static bool Allows(TenantBooks books, Account account, BigInteger amount) =>
        amount <= account.Available || amount - BigInteger.Max(account.Available, 0) <= Of(books, account.Asset);
}
