namespace PhoenixCore.Client.Errors;

/// <summary>Something that the call names is not there.</summary>
public sealed class PhoenixNotFoundException : PhoenixException
{
    internal PhoenixNotFoundException(GrpcStatusException cause, string? idempotencyKey) : base(cause, idempotencyKey)
    {
    }
}
