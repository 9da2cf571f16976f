namespace PhoenixCore.Client.Api;

/// <param name="IsBalanced">Of every asset, debits equal credits and the system's accounts agree with their last entries.</param>
/// <param name="IsComplete">All that was durable counts; otherwise ask again.</param>
/// <param name="Sequence">The tenant's own number of the last event that counts.</param>
public sealed record TrialBalance(bool IsBalanced, bool IsComplete, ulong Sequence)
{
    internal static TrialBalance From(Contracts.V1.TrialBalance from) => new(from.Balanced, from.Complete, from.Sequence);
}
