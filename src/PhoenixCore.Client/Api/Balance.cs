namespace PhoenixCore.Client.Api;

/// <param name="Available">May be negative for pooled wallets.</param>
/// <param name="Total">Available and reserved together.</param>
public sealed record Balance(Money Available, Money Reserved, Money Total)
{
    internal static Balance From(Contracts.V1.Balance from) => new(Money.From(from.Available), Money.From(from.Reserved), Money.From(from.Total));
}
