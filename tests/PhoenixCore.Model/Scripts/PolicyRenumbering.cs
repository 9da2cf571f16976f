using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Scripts;

/// <summary>The part of <see cref="ScriptRenumbering"/> that is about policies.</summary>
internal static class PolicyRenumbering
{
    public static ModelCommand Rewrite(ModelCommand command, IReadOnlyDictionary<int, int> policies)
    {
        int To(int policy) => policies.GetValueOrDefault(policy, Chooser.UnknownOrdinal);
        int? Maybe(int? policy) => policy is { } given ? To(given) : null;
        Rule Released(Rule rule) => rule is WageringRule wagering ? wagering with { Release = Maybe(wagering.Release) } : rule;
        return command switch
        {
            PutPolicy c => new PutPolicy(Maybe(c.Policy), c.Version with { Rules = [.. c.Version.Rules.Select(Released)] }) { Key = c.Key, Deadline = c.Deadline },
            SetPolicyStatus c => c with { Policy = To(c.Policy) },
            BindWallet c => c with { Policies = [.. c.Policies.Select(To)] },
            BindAsset c => c with { Policies = [.. c.Policies.Select(To)] },
            CreateWallet c => c with { Policies = [.. c.Policies.Select(To)] },
            CreateCredit c => c with { Policy = Maybe(c.Policy) },
            CommitReservation c => c with { DestinationPolicy = Maybe(c.DestinationPolicy) },
            CreateTransfer c => c with { Legs = [.. c.Legs.Select(leg => leg with { DestinationPolicy = Maybe(leg.DestinationPolicy) })] },
            AtomicBatch c => c with { Operations = [.. c.Operations.Select(operation => Rewrite(operation, policies))] },
            _ => command,
        };
    }
}
