using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Shard.Shadow;

/// <summary>The books once more, as simply as can be: two sums for each account, moved by amounts alone. One thread.</summary>
/// <remarks>Nothing of the ledger's own rows, tables or rules is used: a mistake would have to be made twice.</remarks>
internal sealed class ShadowBooks
{
    private readonly Dictionary<(ulong Wallet, int Asset), Account> _accounts = [];

    public int Count => _accounts.Count;

    /// <summary>What the shadow begins with.</summary>
    public void Put(in AccountAuditView row, ulong sequence) =>
        _accounts[(row.Wallet, row.Asset)] = new Account { Available = row.Available, Reserved = row.Reserved, AgreedAt = sequence };

    /// <summary>Moves both sides of a posting.</summary>
    /// <returns>The sides whose balance in the fact is another one.</returns>
    public PostingSides Move(in Posting posting)
    {
        var differs = PostingSides.None;
        if (!Move(posting.DebitWallet, posting.Asset, posting.Has(PostingFlags.DebitReserved), unchecked(-posting.Amount), posting.DebitAfter)) differs |= PostingSides.Debit;
        if (!Move(posting.CreditWallet, posting.Asset, posting.Has(PostingFlags.CreditReserved), posting.Amount, posting.CreditAfter)) differs |= PostingSides.Credit;
        return differs;
    }

    /// <summary>Compares a row of the live state that has seen exactly what the shadow has seen; notes that they agree.</summary>
    public bool Agrees(in AccountAuditView row, ulong sequence)
    {
        ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, (row.Wallet, row.Asset), out _);
        if (account.IsGivenUp) return true;
        if (account.Available != row.Available || account.Reserved != row.Reserved || !row.IsWhole) return false;
        account.AgreedAt = sequence;
        return true;
    }

    public (ShadowBalance Balance, ulong AgreedAt) Of(ulong wallet, int asset)
    {
        var account = _accounts.GetValueOrDefault((wallet, asset));
        return (new ShadowBalance(account.Available, account.Reserved), account.AgreedAt);
    }

    /// <summary>It was told once, and is looked at no more.</summary>
    public void GiveUp(ulong wallet, int asset) => CollectionsMarshal.GetValueRefOrAddDefault(_accounts, (wallet, asset), out _).IsGivenUp = true;

    private bool Move(ulong wallet, int asset, bool isReserved, Int128 amount, Int128 after)
    {
        ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, (wallet, asset), out _);
        if (account.IsGivenUp) return true;
        ref var column = ref isReserved ? ref account.Reserved : ref account.Available;
        column = unchecked(column + amount);
        return column == after;
    }

    private struct Account
    {
        public Int128 Available;
        public Int128 Reserved;
        public ulong AgreedAt;
        public bool IsGivenUp;
    }
}
