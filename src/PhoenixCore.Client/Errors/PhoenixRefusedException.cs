namespace PhoenixCore.Client.Errors;

/// <summary>The ledger decided against it: a rule, a duplicate, a conflict of keys. The same call under the same key gets the same answer.</summary>
public sealed class PhoenixRefusedException : PhoenixException
{
    internal PhoenixRefusedException(GrpcStatusException cause, string? idempotencyKey) : base(cause, idempotencyKey)
    {
    }
}
