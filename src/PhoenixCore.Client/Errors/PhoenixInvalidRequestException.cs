namespace PhoenixCore.Client.Errors;

/// <summary>The request breaks the contract; nothing was decided.</summary>
public sealed class PhoenixInvalidRequestException : PhoenixException
{
    internal PhoenixInvalidRequestException(GrpcStatusException cause, string? idempotencyKey) : base(cause, idempotencyKey)
    {
    }
}
