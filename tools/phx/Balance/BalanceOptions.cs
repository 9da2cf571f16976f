namespace PhoenixCore.Tools.Balance;

/// <summary>Whose balance, as of when.</summary>
/// <param name="Wallet">Public id or external id.</param>
/// <param name="Tenant">Name or number.</param>
/// <param name="At">Unix nanoseconds: the last fact stamped then or before counts.</param>
/// <param name="Sequence">The last fact that counts; 0 = the last there is.</param>
/// <param name="WithLots">Lots, open reservations, lifetimes and bounds of the past too, which only a replay knows.</param>
internal sealed record BalanceOptions(string Wallet, string Tenant, long At, ulong Sequence, bool WithLots, bool Json)
{
    public bool IsOfThePast => Sequence != 0 || At != long.MaxValue;
}
