namespace PhoenixCore.Client.Errors;

/// <summary>No answer, or none in time, after every repetition. What became of a write is not known: ask with its key (Ledger.FindKeyAsync) or repeat it under the same one.</summary>
public sealed class PhoenixUnavailableException : PhoenixException
{
    internal PhoenixUnavailableException(GrpcStatusException cause, string? idempotencyKey) : base(cause, idempotencyKey)
    {
    }
}
