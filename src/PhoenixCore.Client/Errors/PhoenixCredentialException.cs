namespace PhoenixCore.Client.Errors;

/// <summary>The credential is not valid, or has no scope for this.</summary>
public sealed class PhoenixCredentialException : PhoenixException
{
    internal PhoenixCredentialException(GrpcStatusException cause, string? idempotencyKey) : base(cause, idempotencyKey)
    {
    }
}
