using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Rules.Policies;

namespace PhoenixCore.Model.Rules;

/// <summary>Undoing credits and transfers, in parts, never more than once in total.</summary>
internal static class ReversalRules
{
    public static ModelResult Credit(Draft draft, ReverseCredit command)
    {
        var found = Find(draft, command.Transaction, credit: true, command.Amount, out var original, out var amount);
        if (found != ModelResult.Accepted) return found;

        var arrival = original.Slices[0];
        var covered = Covers(draft, original, [arrival with { Amount = amount }]);
        if (covered != ModelResult.Accepted) return covered;

        var account = draft.Books.Account(original.To, original.Asset)!;
        var liability = draft.Books.Account(original.From, original.Asset)!;
        var lot = account.Lots.Find(candidate => candidate.Id == arrival.ToLot)!;
        draft.Post(account, Column.Available, lot, liability, Column.Available, liability.Lots[0], amount);
        Count(draft, command.Transaction, original, [arrival with { Amount = amount }]);
        return ModelResult.Accepted;
    }

    public static ModelResult Transfer(Draft draft, ReverseTransfer command)
    {
        var found = Find(draft, command.Transaction, credit: false, command.Amount, out var original, out var amount);
        if (found != ModelResult.Accepted) return found;

        var parts = LastOnes(original, amount);
        var covered = Covers(draft, original, parts);
        if (covered != ModelResult.Accepted) return covered;

        var giver = draft.Books.Account(original.To, original.Asset)!;
        var taker = draft.Books.Account(original.From, original.Asset)!;
        foreach (var part in parts) Return(draft, giver, taker, part);
        Count(draft, command.Transaction, original, parts);
        return ModelResult.Accepted;
    }

    private static ModelResult Find(Draft draft, int transaction, bool credit, BigInteger? asked, out Original original, out BigInteger amount)
    {
        amount = 0;
        if (!draft.Books.Originals.TryGetValue(transaction, out original!) || original.IsCredit != credit) return ModelResult.TransactionNotFound;
        if (original.Left.IsZero) return ModelResult.AlreadyReversed;

        amount = asked ?? original.Left;
        if (amount < 1) return ModelResult.InvalidAmount;
        if (amount > original.Left) return ModelResult.AlreadyReversed;

        var wallets = draft.Books.Wallets;
        return wallets[original.To].Status == WalletStatus.Closed || wallets[original.From].Status == WalletStatus.Closed ? ModelResult.WalletClosed : ModelResult.Accepted;
    }

    /// <summary>The last slice first, behind what was reversed before.</summary>
    private static List<Arrival> LastOnes(Original original, BigInteger amount)
    {
        var parts = new List<Arrival>();
        var skip = original.Reversed;
        foreach (var slice in Enumerable.Reverse(original.Slices))
        {
            var skipped = BigInteger.Min(skip, slice.Amount);
            skip -= skipped;
            var part = BigInteger.Min(amount, slice.Amount - skipped);
            amount -= part;
            if (part > 0) parts.Add(slice with { Amount = part });
        }

        return parts;
    }

    /// <summary>The lots that received the parts have enough of them, and where they go there is room.</summary>
    private static ModelResult Covers(Draft draft, Original original, List<Arrival> parts)
    {
        var giver = draft.Books.Account(original.To, original.Asset)!;
        foreach (var perLot in parts.GroupBy(part => part.ToLot))
        {
            var wanted = Sum(perLot);
            var lot = giver.Lots.Find(candidate => candidate.Id == perLot.Key);
            if (lot is null) return ModelResult.InsufficientBalance;
            if (giver.Pooled ? giver.Available - wanted < giver.Floor : lot.Available < wanted) return ModelResult.InsufficientBalance;
        }

        if (giver.Pooled && !original.IsCredit && !HeadroomRule.Allows(draft.Books, giver, Sum(parts))) return ModelResult.BalanceWouldOverflow;
        return RoomRule.Check(draft.Books.Account(original.From, original.Asset), Sum(parts));
    }

    private static void Return(Draft draft, Account giver, Account taker, Arrival part)
    {
        var received = giver.Lots.Find(lot => lot.Id == part.ToLot)!;
        var old = taker.Lots.Find(lot => lot.Id == part.FromLot);
        if (old?.Expired ?? part.Terms.ExpiresAt <= draft.Stamp)
        {
            ReceivingRule.Give(draft, giver, Column.Available, new(received.Id, part.Amount), SystemWallets.Breakage);
            return;
        }

        if (old is null)
        {
            old = draft.NewLot(taker, part.Terms, fromTransfer: true);
            old.Remaining = part.Remaining;
        }

        draft.Post(giver, Column.Available, received, taker, Column.Available, old, part.Amount);
    }

    /// <summary>Limits get back what they had counted of it; counts with the reversal that leaves nothing.</summary>
    private static void Count(Draft draft, int transaction, Original original, List<Arrival> parts)
    {
        var left = original with { Reversed = original.Reversed + Sum(parts) };
        draft.Books.Originals = draft.Books.Originals.SetItem(transaction, left);
        var slices = parts.Select(part => new Slice(part.FromLot, part.Amount)).ToList();
        List<Slice> Of(bool excess) => [.. parts.Where(part => part.IsExcess == excess).Select(part => new Slice(part.FromLot, part.Amount))];
        CounterRules.GiveBack(draft.Books, original.Charges, slices, countsToo: left.Left.IsZero);
        CounterRules.GiveBack(draft.Books, original.Held, Of(excess: false), countsToo: left.Left.IsZero && !original.HeldCountsStay);
        CounterRules.GiveBack(draft.Books, original.Excess, Of(excess: true), countsToo: left.Left.IsZero);
    }

    private static BigInteger Sum(IEnumerable<Arrival> parts) => parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Amount);
}
