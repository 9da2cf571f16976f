namespace PhoenixCore.Server.Rest;

/// <summary>Ends a request with an error that its reading has found.</summary>
internal sealed class ApiErrorException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
