using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History;

/// <summary>An account as history knows it: a wallet and an asset's handle, which postings carry.</summary>
public readonly record struct AccountName(ulong Wallet, int Asset)
{
    public bool IsDebitOf(in Posting posting) => posting.DebitWallet == Wallet && posting.Asset == Asset;

    public bool IsCreditOf(in Posting posting) => posting.CreditWallet == Wallet && posting.Asset == Asset;
}
