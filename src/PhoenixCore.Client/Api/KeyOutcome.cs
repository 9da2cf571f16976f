using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>What became of an idempotency key.</summary>
/// <param name="Receipt">When it was applied.</param>
/// <param name="Code">When it was refused: why.</param>
public sealed record KeyOutcome(OperationOutcome Outcome, Receipt? Receipt, string Code)
{
    internal static KeyOutcome From(GetOperationReply from) => new(from.Outcome, from.Transaction is null ? null : Receipt.From(from.Transaction), from.Reason);
}
