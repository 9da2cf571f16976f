namespace PhoenixCore.Server.Edge;

/// <summary>Ends a call with a refusal; rare, so a throw may carry it.</summary>
public sealed class RefusedException(ApiResult result) : Exception(result.Message)
{
    public ApiResult Result { get; } = result;
}
