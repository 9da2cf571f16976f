namespace PhoenixCore.Server.Auth;

/// <summary>Turns an Authorization header into a caller; one object for REST and gRPC.</summary>
public interface IAuthenticator
{
    /// <param name="authorization">The header's value, <c>Bearer …</c>; null = none was sent.</param>
    /// <returns>Null when it is missing, malformed, unknown, expired or revoked: the caller learns only "unauthorized".</returns>
    Caller? Authenticate(string? authorization);
}
