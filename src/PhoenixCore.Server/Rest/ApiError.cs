using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Edge.Policies;

namespace PhoenixCore.Server.Rest;

/// <summary>An error as the caller sees it.</summary>
/// <param name="Details">Fields that are wrong; null = no details.</param>
internal sealed record ApiError(int Status, string Code, string Message, IReadOnlyList<(string Field, string Message)>? Details = null)
{
    public const string ValidationCode = "VALIDATION_ERROR";

    public static readonly ApiError Unauthorized = Of(ApiResult.Unauthorized);
    public static readonly ApiError NoRoute = new(404, "NOT_FOUND", "there is no such route");
    public static readonly ApiError MethodNotAllowed = new(405, "METHOD_NOT_ALLOWED", "the route does not know this method");
    public static readonly ApiError TooLarge = new(413, ValidationCode, $"the body is larger than {RequestLimits.BodyBytesMax} bytes");
    public static readonly ApiError NotJson = new(415, "UNSUPPORTED_MEDIA_TYPE", "the body has to be application/json, not compressed");
    public static readonly ApiError KeyRequired = new(400, "IDEMPOTENCY_KEY_REQUIRED", "this method needs an Idempotency-Key header");
    public static readonly ApiError Internal = new(500, "INTERNAL_ERROR", "something went wrong here; whether the command was applied can be asked with its idempotency key");
    public static readonly ApiError Overloaded = new(503, "OVERLOADED", "the ledger has more to do than it can take; nothing was applied");

    public static readonly ApiError Starting = new(503, "UNAVAILABLE", "the server is starting; GET /startupz says how far it is");

    public static ApiError Of(LedgerResult result, int refusedIndex)
    {
        var known = ApiResult.Of(result);
        return new ApiError(known.Http, known.Code, known.Message, refusedIndex < 0 ? null : [($"operations[{refusedIndex}]", known.Message)]);
    }

    public static ApiError Of(HistoryRefusedException refused) =>
        new(refused.Result.Http, refused.Result.Code, refused.Result.Message, refused.Field is { } field ? [(field, refused.Result.Message)] : null);

    public static ApiError Of(ApiResult result) => new(result.Http, result.Code, result.Message);

    /// <summary>With what a policy says about it.</summary>
    public static ApiError Of(TenantContext tenant, in OperationReply reply)
    {
        var error = Of(reply.Result, reply.RefusedIndex);
        if (PolicyDetails.Of(tenant, reply) is not { } details) return error;
        return error with { Details = [.. error.Details ?? [], .. details], Message = reply.Explanation ?? error.Message };
    }

    public static ApiError Invalid(string message) => new(400, ValidationCode, message);

    public static ApiError Invalid(string field, string message) => new(400, ValidationCode, $"{field} {message}", [(field, message)]);

    public static ApiError NotFound(string thing) => new(404, thing.ToUpperInvariant().Replace(' ', '_') + "_NOT_FOUND", $"no such {thing}");
}
