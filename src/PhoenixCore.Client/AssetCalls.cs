using System.Collections.Concurrent;
using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;
using Asset = PhoenixCore.Client.Api.Asset;

namespace PhoenixCore.Client;

/// <summary>Assets. Any thread.</summary>
public sealed class AssetCalls
{
    private readonly LogicalCalls _calls;
    private readonly ConcurrentDictionary<string, int> _scales = new(StringComparer.Ordinal);

    internal AssetCalls(LogicalCalls calls) => _calls = calls;

    /// <param name="code">1 to 16 of A-Z a-z 0-9 . _ -, case-sensitive.</param>
    /// <param name="scale">Decimals, 0 to 18.</param>
    public async Task<Asset> CreateAsync(string code, int scale, string name = "", RequestOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        var request = new CreateAssetRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Code = code, Scale = (uint)scale, Name = name };
        return Asset.From(await _calls.RunAsync(LogicalCalls.Ledger, "CreateAsset", request, Contracts.V1.Asset.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    /// <summary>Changes what is given: null leaves as it is.</summary>
    public async Task<Asset> UpdateAsync(string code, AssetChange change, RequestOptions? options = null)
    {
        var request = new UpdateAssetRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Code = code, MetadataJson = change.MetadataJson ?? "", ReplaceMetadata = change.ReplacesMetadata };
        if (change.Name is { } name) request.Name = name;
        if (change.Scale is { } scale) request.Scale = checked((uint)scale);
        return Asset.From(await _calls.RunAsync(LogicalCalls.Ledger, "UpdateAsset", request, Contracts.V1.Asset.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    public async Task<Asset> GetAsync(string code, CancellationToken ct = default) =>
        Asset.From(await _calls.RunAsync(LogicalCalls.Ledger, "GetAsset", new GetAssetRequest { Code = code }, Contracts.V1.Asset.Parser, null, ct).ConfigureAwait(false));

    /// <summary>Oldest first.</summary>
    public IAsyncEnumerable<Asset> ListAsync(CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var page = await _calls.RunAsync(LogicalCalls.Ledger, "ListAssets", new ListAssetsRequest { PageSize = LogicalCalls.Page, PageToken = token }, ListAssetsReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Assets.Select(Asset.From), page.NextPageToken);
        },
        ct);

    /// <summary>Whether it can be credited.</summary>
    public async Task<Asset> SetActiveAsync(string code, bool isActive, RequestOptions? options = null)
    {
        var request = new SetAssetStatusRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Code = code, Status = isActive ? AssetStatus.Active : AssetStatus.Inactive };
        return Asset.From(await _calls.RunAsync(LogicalCalls.Ledger, "SetAssetStatus", request, Contracts.V1.Asset.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    /// <summary>Reads an amount such as 10.50 at the scale that the asset really has; the server is asked until that can change no more.</summary>
    /// <exception cref="FormatException">It is no number, or has more decimals than the asset.</exception>
    public async ValueTask<Money> MoneyAsync(string text, string asset, CancellationToken ct = default)
    {
        if (_scales.TryGetValue(asset, out var scale)) return Money.Parse(text, scale, asset);
        var found = await GetAsync(asset, ct).ConfigureAwait(false);
        if (found.IsScaleFixed) _scales[asset] = found.Scale;
        return Money.Parse(text, found.Scale, asset);
    }
}
