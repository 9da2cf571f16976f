using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.History;

namespace PhoenixCore.Server.Edge.History;

/// <summary>A question about history that has no answer; each front says so in its own way.</summary>
/// <param name="result">Code, statuses, text.</param>
/// <param name="parameter">The one that is wrong; null = none.</param>
public sealed class HistoryRefusedException(ApiResult result, string? parameter = null) : Exception(result.Message)
{
    public ApiResult Result => result;

    public string? Field => parameter;

    public static HistoryRefusedException Of(LedgerResult result) => new(ApiResult.Of(result));

    public static HistoryRefusedException Invalid(string field, string message) => new(new ApiResult("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, $"{field} {message}"), field);

    public static HistoryRefusedException BadCursor() => Invalid("cursor", "is not one that this list has given out");

    /// <summary>What the shard's searches end with when they cannot answer.</summary>
    public static HistoryRefusedException Of(Exception failure) => failure switch
    {
        HistoryLimitException => new(new ApiResult("UNAVAILABLE", 503, GrpcStatusCode.Unavailable, "the newest part of the history is not indexed yet and too long to search: try again")),
        HistoryArchivedException => new(new ApiResult("HISTORY_ARCHIVED", 503, GrpcStatusCode.Unavailable, "this part of the history lies in segments that are not here")),
        _ => throw new ArgumentException("not a failure of a search", nameof(failure)),
    };

    public static bool IsOfSearch(Exception failure) => failure is HistoryLimitException or HistoryArchivedException;
}
