using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;
using Wallet = PhoenixCore.Client.Api.Wallet;

namespace PhoenixCore.Client;

/// <summary>Wallets, named by id or external id. Any thread.</summary>
public sealed class WalletCalls
{
    private readonly LogicalCalls _calls;

    internal WalletCalls(LogicalCalls calls) => _calls = calls;

    public async Task<Wallet> CreateAsync(NewWallet wallet, RequestOptions? options = null)
    {
        var request = new CreateWalletRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            ExternalId = wallet.ExternalId,
            DefaultAsset = wallet.DefaultAsset,
            Pooled = wallet.IsPooled,
            Name = wallet.Name,
            HolderId = wallet.HolderId,
            MetadataJson = wallet.MetadataJson,
        };
        return Wallet.From(await _calls.RunAsync(LogicalCalls.Ledger, "CreateWallet", request, Contracts.V1.Wallet.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    /// <summary>Changes what is given: null leaves as it is.</summary>
    public async Task<Wallet> UpdateAsync(string wallet, WalletChange change, RequestOptions? options = null)
    {
        var request = new UpdateWalletRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Wallet = wallet, MetadataJson = change.MetadataJson ?? "", ReplaceMetadata = change.ReplacesMetadata };
        if (change.Name is { } name) request.Name = name;
        if (change.Policies is { } policies) request.Policies = new BoundPolicies { Ids = { policies } };
        return Wallet.From(await _calls.RunAsync(LogicalCalls.Ledger, "UpdateWallet", request, Contracts.V1.Wallet.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    /// <summary>With its balances.</summary>
    public async Task<Wallet> GetAsync(string wallet, CancellationToken ct = default) =>
        Wallet.From(await _calls.RunAsync(LogicalCalls.Ledger, "GetWallet", new GetWalletRequest { Wallet = wallet }, Contracts.V1.Wallet.Parser, null, ct).ConfigureAwait(false));

    /// <summary>Oldest first, without balances.</summary>
    public IAsyncEnumerable<Wallet> ListAsync(WalletFilter? filter = null, CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var request = new ListWalletsRequest { PageSize = LogicalCalls.Page, PageToken = token, Status = filter?.Status ?? default, HolderId = filter?.HolderId ?? "", IncludeSystem = filter?.IncludeSystem ?? false };
            var page = await _calls.RunAsync(LogicalCalls.Ledger, "ListWallets", request, ListWalletsReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Wallets.Select(Wallet.From), page.NextPageToken);
        },
        ct);

    /// <summary>From now on nothing leaves the wallet.</summary>
    public Task<Wallet> FreezeAsync(string wallet, string reason = "", RequestOptions? options = null) => SetStatusAsync(wallet, WalletAction.Freeze, reason, options);

    public Task<Wallet> UnfreezeAsync(string wallet, string reason = "", RequestOptions? options = null) => SetStatusAsync(wallet, WalletAction.Unfreeze, reason, options);

    /// <summary>For ever, and only when it holds nothing.</summary>
    public Task<Wallet> CloseAsync(string wallet, string reason = "", RequestOptions? options = null) => SetStatusAsync(wallet, WalletAction.Close, reason, options);

    /// <param name="floor">Least that available may become; null = 0. Below zero only on pooled wallets.</param>
    /// <param name="ceiling">Most that the total may become; null = none.</param>
    public async Task<Wallet> SetBoundsAsync(string wallet, string asset, Money? floor, Money? ceiling, RequestOptions? options = null)
    {
        var request = new SetBoundsRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Wallet = wallet, Asset = asset, Floor = floor?.ToAmount(), Ceiling = ceiling?.ToAmount() };
        return Wallet.From(await _calls.RunAsync(LogicalCalls.Ledger, "SetBounds", request, Contracts.V1.Wallet.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    private async Task<Wallet> SetStatusAsync(string wallet, WalletAction action, string reason, RequestOptions? options)
    {
        var request = new SetWalletStatusRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Wallet = wallet, Action = action, Reason = reason };
        return Wallet.From(await _calls.RunAsync(LogicalCalls.Ledger, "SetWalletStatus", request, Contracts.V1.Wallet.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }
}
