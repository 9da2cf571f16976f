using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>Hands a slice to another wallet's account, into the receiving lot.</summary>
internal static class ReceivingRule
{
    public static void Give(Draft draft, Account from, Column column, Slice slice, string toWallet)
    {
        var given = from.Lots.Find(lot => lot.Id == slice.Lot)!;
        var to = draft.AccountOrNew(toWallet, from.Asset);
        draft.Post(from, column, given, to, Column.Available, ReceivingLot(draft, to, given.Terms), slice.Amount);
    }

    private static Lot ReceivingLot(Draft draft, Account to, Terms terms)
    {
        if (to.Pooled) return to.Lots[0];

        var newest = to.Lots.FindLast(lot => lot.Live);
        var joins = newest is { FromTransfer: true, Expired: false } && newest.Terms == terms;
        return joins ? newest! : draft.NewLot(to, terms, fromTransfer: true);
    }
}
