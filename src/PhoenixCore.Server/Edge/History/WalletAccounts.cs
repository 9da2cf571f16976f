using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard.History;

namespace PhoenixCore.Server.Edge.History;

/// <summary>A wallet as the live state had it.</summary>
/// <param name="Balances">One for each account.</param>
/// <param name="Heads">The same accounts, in the same order.</param>
/// <param name="Sequence">The last fact that it was read behind.</param>
/// <param name="Stamp">The ledger's time then, unix nanoseconds: no later fact falls below.</param>
internal sealed record WalletAccounts(WalletView Wallet, BalanceView[] Balances, AccountHead[] Heads, ulong Sequence, long Stamp)
{
    /// <summary>0 for an asset that the wallet never had.</summary>
    public AccountHead HeadOf(int asset) => Array.Find(Heads, head => head.Account.Asset == asset);
}
