using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;
using Lot = PhoenixCore.Client.Api.Lot;

namespace PhoenixCore.Client;

/// <summary>What wallets hold, lot by lot. Any thread.</summary>
public sealed class LotCalls
{
    private readonly LogicalCalls _calls;

    internal LotCalls(LogicalCalls calls) => _calls = calls;

    /// <summary>Also one that is used up.</summary>
    public async Task<Lot> GetAsync(string lot, CancellationToken ct = default) =>
        Lot.From((await _calls.RunAsync(LogicalCalls.History, "GetLot", new GetLotRequest { LotId = lot }, LotHistory.Parser, null, ct).ConfigureAwait(false)).Lot);

    /// <summary>Lots that hold something, oldest first.</summary>
    /// <param name="asset">Empty = all assets.</param>
    public IAsyncEnumerable<Lot> ListAsync(string wallet, string asset = "", CancellationToken ct = default) => ListAsync(wallet, new LotFilter { Asset = asset }, ct);

    /// <summary>Oldest first; those that are used up or expired newest first.</summary>
    public IAsyncEnumerable<Lot> ListAsync(string wallet, LotFilter filter, CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var request = new ListLotsRequest
            {
                Wallet = wallet,
                Asset = filter.Asset,
                Status = filter.Status,
                HasBalance = filter.HasBalance,
                ExpiringBeforeUnixNs = filter.ExpiringBefore is { } time ? UnixNanoseconds.From(time) : 0,
                Attributes = { filter.Attributes.Select(wanted => $"{wanted.Key}:{wanted.Value}") },
                PageSize = LogicalCalls.Page,
                PageToken = token,
            };
            var page = await _calls.RunAsync(LogicalCalls.Ledger, "ListLots", request, ListLotsReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Lots.Select(Lot.From), page.NextPageToken);
        },
        ct);

    /// <summary>Changes a lot's terms; what is not given stays.</summary>
    /// <param name="expiresAt">A time to come; null = as it is.</param>
    /// <param name="attributesJson">JSON object whose members replace those of the same name; null takes one away. Empty = as they are.</param>
    public Task<Receipt> UpdateAsync(string lot, DateTimeOffset? expiresAt = null, string attributesJson = "", string reason = "", RequestOptions? options = null)
    {
        var request = new UpdateLotRequest { IdempotencyKey = LogicalCalls.KeyOf(options), LotId = lot, ExpiresAtUnixNs = UnixNanoseconds.From(expiresAt), AttributesJson = attributesJson, Reason = reason };
        return _calls.WriteAsync("UpdateLot", request, request.IdempotencyKey, options);
    }

    /// <summary>Expires what is available of it now.</summary>
    public Task<Receipt> ExpireAsync(string lot, string reason = "", RequestOptions? options = null)
    {
        var request = new ExpireLotRequest { IdempotencyKey = LogicalCalls.KeyOf(options), LotId = lot, Reason = reason };
        return _calls.WriteAsync("ExpireLot", request, request.IdempotencyKey, options);
    }
}
