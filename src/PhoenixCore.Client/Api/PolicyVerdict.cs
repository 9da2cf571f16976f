namespace PhoenixCore.Client.Api;

/// <param name="Layer">asset, wallet, lot or restrictions.</param>
/// <param name="LotId">Empty on the layers asset and wallet.</param>
/// <param name="Amount">What would be taken from the lot; null on the layers asset and wallet.</param>
/// <param name="PolicyId">Of the denial; empty = none, or a restriction of the lot.</param>
/// <param name="Rule">Of the denial.</param>
/// <param name="IsOfCounterparty">The other wallet was asked about.</param>
public sealed record PolicyVerdict(string Layer, bool IsAllowed, string LotId, Money? Amount, string PolicyId, int Version, string Rule, bool IsOfCounterparty)
{
    internal static PolicyVerdict From(Contracts.V1.Verdict from) => new(
        from.Layer, from.Allowed, from.LotId, from.LotId.Length > 0 && from.Amount is not null ? Money.From(from.Amount) : null, from.PolicyId, (int)from.Version, from.Rule, from.Counterparty);
}
