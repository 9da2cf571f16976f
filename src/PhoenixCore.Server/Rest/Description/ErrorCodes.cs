using System.Collections.Frozen;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Description;

/// <summary>HTTP status and words of each code that a route may answer.</summary>
internal static class ErrorCodes
{
    private static readonly ApiError[] OfTheFront =
    [
        ApiError.TooLarge, ApiError.NotJson, ApiError.KeyRequired, ApiError.Internal, ApiError.Overloaded,
        ApiError.Of(ApiResult.Unauthorized), ApiError.Of(ApiResult.Forbidden), ApiError.Of(ApiResult.TenantSuspended), ApiError.Of(ApiResult.RateLimited),
        ApiError.Of(ApiResult.KeyNotFound), ApiError.Of(ApiResult.KeyNotActive),
        ApiError.NotFound("credit"), ApiError.NotFound("transfer"), ApiError.NotFound("debit"), ApiError.NotFound("transaction"), ApiError.NotFound("webhook"), ApiError.NotFound("delivery"),
        new(410, "SEQUENCE_TOO_OLD", "the events lie in segments that are not here"),
        new(503, "HISTORY_ARCHIVED", "this part of the history lies in segments that are not here"),
        new(503, "STALE_REPLICA", "this copy has not yet what was asked for"),
        new(409, "NOT_REPLICATED", "this server has no other copies"),
        new(409, "NOT_ENOUGH_REPLICAS", "too few copies promise, and it was not accepted that there is one alone"),
        new(409, "PROMOTION_REFUSED", "the copy has no vote, leads already, or another one has more"),
        ApiError.Invalid("the request is not well formed; details name fields"),
    ];

    private static readonly FrozenDictionary<(string, int), string> Texts = Enum.GetValues<LedgerResult>().Where(result => result != LedgerResult.Accepted)
        .Select(result => ApiError.Of(result, -1)).Concat(OfTheFront)
        .Reverse().DistinctBy(error => (error.Code, error.Status)).ToFrozenDictionary(error => (error.Code, error.Status), error => error.Message);

    /// <summary>Status and words of a route's codes and of those that every route has.</summary>
    public static IEnumerable<(int Status, string Code, string Text)> Of(RouteText route)
    {
        var names = "VALIDATION_ERROR UNAUTHORIZED FORBIDDEN TENANT_SUSPENDED RATE_LIMITED OVERLOADED UNAVAILABLE INTERNAL_ERROR " + route.Codes;
        if (route.Body != null) names += " UNSUPPORTED_MEDIA_TYPE";
        if (route.IsCommand) names += " IDEMPOTENCY_CONFLICT IDEMPOTENCY_KEY_CLOSED DEADLINE_EXCEEDED STORAGE_FULL CLOCK_SUSPECT";
        foreach (var name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct())
        {
            var known = Texts.Where(entry => entry.Key.Item1 == name && (entry.Key.Item2 != 413 || route.Body != null)).ToArray();
            if (known.Length == 0) throw new InvalidOperationException($"{route.Operation} names the code {name}, which nothing answers");
            foreach (var ((code, status), text) in known) yield return (status, code, text);
        }
    }
}
