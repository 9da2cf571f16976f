using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>Lots: changed, expired.</summary>
internal static class LotRules
{
    public static ModelResult Update(Draft draft, UpdateLot command)
    {
        if (draft.Books.FindLot(command.Lot) is not { Lot: { } lot }) return ModelResult.LotNotFound;
        if (lot.Pooled) return ModelResult.PooledTerms;
        if (lot.Expired) return ModelResult.LotNotAvailable;
        if (command.ExpiresAt <= draft.Stamp) return ModelResult.ExpiryInPast;

        var attributes = command.Attributes switch { null => lot.Terms.Attributes, "" => null, _ => command.Attributes };
        lot.Terms = lot.Terms with { ExpiresAt = command.ExpiresAt ?? lot.Terms.ExpiresAt, Attributes = attributes };
        return ModelResult.Accepted;
    }

    public static ModelResult Expire(Draft draft, ExpireLot command)
    {
        if (draft.Books.FindLot(command.Lot) is not { Lot: { } lot } found) return ModelResult.LotNotFound;
        if (lot.Pooled) return ModelResult.PooledTerms;

        if (!lot.Expired) Forfeit(draft, found.Account, lot);
        return ModelResult.Accepted;
    }

    /// <summary>From now on the lot is expired; what it has available is breakage's.</summary>
    public static void Forfeit(Draft draft, Account account, Lot lot)
    {
        lot.Expired = true;
        if (lot.Available > 0)
        {
            ReceivingRule.Give(draft, account, Column.Available, new(lot.Id, lot.Available), SystemWallets.Breakage);
        }
    }
}
