namespace PhoenixCore.Client.Api;

/// <summary>One movement: a debit and an equal credit.</summary>
public sealed record Posting(string DebitWalletId, string CreditWalletId, string DebitLotId, string CreditLotId, Money Amount)
{
    internal static Posting From(Contracts.V1.Posting from) => new(from.DebitWalletId, from.CreditWalletId, from.DebitLotId, from.CreditLotId, Money.From(from.Amount));
}
