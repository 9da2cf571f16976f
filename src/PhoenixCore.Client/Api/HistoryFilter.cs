using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>Which rows of history a list shows; all by default. Newest first.</summary>
public sealed record HistoryFilter
{
    /// <summary>Id or external id.</summary>
    public string Wallet { get; init; } = "";

    public string Asset { get; init; } = "";

    public string Reference { get; init; } = "";

    /// <summary>Included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Included.</summary>
    public DateTimeOffset? To { get; init; }

    internal ListHistoryRequest ToRequest(string token) => new()
    {
        PageSize = Calls.LogicalCalls.Page,
        PageToken = token,
        Wallet = Wallet,
        Asset = Asset,
        Reference = Reference,
        FromUnixNs = UnixNanoseconds.From(From),
        ToUnixNs = UnixNanoseconds.From(To),
    };
}
