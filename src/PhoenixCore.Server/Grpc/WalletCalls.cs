using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Grpc.Rendering;

namespace PhoenixCore.Server.Grpc;

/// <summary>Calls about wallets and their lots.</summary>
internal sealed class WalletCalls(Operations operations, StateReads reads)
{
    public async ValueTask<Wallet> CreateAsync(CreateWalletRequest request, GrpcCall call)
    {
        ulong number;
        using (var reply = await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false)) number = CreatedWallet(reply);
        return await ReadAsync(null, number, call).ConfigureAwait(false);
    }

    public async ValueTask<Wallet> SetStatusAsync(SetWalletStatusRequest request, GrpcCall call)
    {
        (await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false)).Dispose();
        return await ReadAsync(request.Wallet, 0, call).ConfigureAwait(false);
    }

    public async ValueTask<Wallet> SetBoundsAsync(SetBoundsRequest request, GrpcCall call)
    {
        (await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false)).Dispose();
        return await ReadAsync(request.Wallet, 0, call).ConfigureAwait(false);
    }

    public async ValueTask<Wallet> BindAsync(BindWalletRequest request, GrpcCall call)
    {
        (await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false)).Dispose();
        return await ReadAsync(request.Wallet, 0, call).ConfigureAwait(false);
    }

    public ValueTask<Wallet> GetAsync(GetWalletRequest request, GrpcCall call) => ReadAsync(RequestMapper.Text(request.Wallet, "wallet") ?? "", 0, call);

    /// <summary>A page's token is the id of the last wallet that it looked at.</summary>
    public async ValueTask<ListWalletsReply> ListAsync(ListWalletsRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var rows = RequestMapper.PageSize(request.PageSize);
        var after = 0UL;
        if (request.PageToken.Length > 0 && !tenant.Ids.TryParse(IdKind.Wallet, request.PageToken, out after)) throw RequestMapper.Invalid("page_token is none of ours");
        var filter = new WalletFilter(StatusOf(request.Status), RequestMapper.Text(request.HolderId, "holder_id"), request.IncludeSystem);
        if (RequestMapper.Text(request.ExternalId, "external_id") is { } name) return await ListOneAsync(tenant, name, filter, call).ConfigureAwait(false);
        var (found, next) = await PastCalls.Guard(operations.History.Wallets.ListAsync(tenant, filter, after, rows, call.CancellationToken)).ConfigureAwait(false);
        var reply = new ListWalletsReply { NextPageToken = next == 0 ? "" : tenant.Ids.Format(IdKind.Wallet, next) };
        foreach (var view in found) reply.Wallets.Add(StateRenderer.WalletOf(tenant, view, reads.TextsOfWallet(tenant, view.TextSequence, view.Number)));
        return reply;
    }

    /// <summary>Asset by asset, because lots are in order only within one. A page's token is the asset's code, a colon and the id of its last lot.</summary>
    public async ValueTask<ListLotsReply> ListLotsAsync(ListLotsRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var rows = RequestMapper.PageSize(request.PageSize);
        var wallet = await FindAsync(RequestMapper.Text(request.Wallet, "wallet") ?? "", 0, call).ConfigureAwait(false);
        var assets = request.Asset.Length > 0 ? [request.Asset] : AssetsOf(wallet);
        var after = 0UL;
        if (request.PageToken.Length > 0) assets = Skip(assets, request.PageToken, tenant, out after);

        var reply = new ListLotsReply();
        foreach (var asset in assets)
        {
            // One more than asked for says whether there is another page.
            var question = new StateQuestion(
                CommandKind.ReadLots, Number: NumberOf(wallet), After: after, Asset: PackAsset(asset), Room: (rows + 1 - reply.Lots.Count) * Unsafe.SizeOf<LotView>());
            var (result, found) = await reads.AskAsync(tenant, question, call.CancellationToken).ConfigureAwait(false);
            if (result != LedgerResult.Accepted) throw new GrpcException(Statuses.Of(result));
            AddLots(reply, tenant, found);
            after = 0;
            if (reply.Lots.Count > rows) break;
        }

        if (reply.Lots.Count <= rows) return reply;
        reply.Lots.RemoveAt(rows);
        reply.NextPageToken = $"{reply.Lots[^1].Available.Asset}:{reply.Lots[^1].Id}";
        return reply;
    }

    private static void AddLots(ListLotsReply reply, TenantContext tenant, byte[] found)
    {
        foreach (ref readonly var view in ReadRows.All<LotView>(found)) reply.Lots.Add(StateRenderer.LotOf(tenant, view));
    }

    private static ulong NumberOf(byte[] wallet) => MemoryMarshal.Read<WalletView>(wallet).Number;

    private static string[] AssetsOf(byte[] wallet)
    {
        var balances = ReadRows.After<WalletView, BalanceView>(wallet);
        var assets = new string[balances.Length];
        for (var i = 0; i < assets.Length; i++) assets[i] = AssetCode.Unpack(balances[i].Asset);
        return assets;
    }

    private static string[] Skip(string[] assets, string token, TenantContext tenant, out ulong after)
    {
        var colon = token.IndexOf(':');
        after = 0;
        var from = colon > 0 && tenant.Ids.TryParse(IdKind.Lot, token[(colon + 1)..], out after) ? Array.IndexOf(assets, token[..colon]) : -1;
        return from >= 0 ? assets[from..] : throw RequestMapper.Invalid("page_token is none of ours");
    }

    private static UInt128 PackAsset(string code)
    {
        var bytes = Encoding.UTF8.GetBytes(code);
        return AssetCode.IsValid(bytes) ? AssetCode.Pack(bytes) : throw new GrpcException(Statuses.Of(LedgerResult.AssetNotFound));
    }

    private static unsafe ulong CreatedWallet(OperationReply reply)
    {
        fixed (byte* payload = reply.Payload) return new FactParts(payload).First.Body<WalletCreatedBody>().Number;
    }

    /// <summary>The filter by external id names one wallet or none.</summary>
    private async ValueTask<ListWalletsReply> ListOneAsync(TenantContext tenant, string name, WalletFilter filter, GrpcCall call)
    {
        var reply = new ListWalletsReply();
        if (name.StartsWith(PublicIds.PrefixOf(IdKind.Wallet), StringComparison.Ordinal)) return reply;
        var (result, rows) = await reads.AskAsync(tenant, new StateQuestion(CommandKind.ReadWallet, name), call.CancellationToken).ConfigureAwait(false);
        if (result == LedgerResult.WalletNotFound) return reply;
        if (result != LedgerResult.Accepted) throw new GrpcException(Statuses.Of(result));
        var view = MemoryMarshal.Read<WalletView>(rows);
        if (operations.History.Wallets.Fits(tenant, filter, view)) reply.Wallets.Add(StateRenderer.WalletOf(tenant, view, reads.TextsOfWallet(tenant, view.TextSequence, view.Number)));
        return reply;
    }

    private static Ledger.WalletStatus? StatusOf(Contracts.V1.WalletStatus status) => status switch
    {
        Contracts.V1.WalletStatus.Unspecified => null,
        Contracts.V1.WalletStatus.Active => Ledger.WalletStatus.Active,
        Contracts.V1.WalletStatus.Frozen => Ledger.WalletStatus.Frozen,
        Contracts.V1.WalletStatus.Closed => Ledger.WalletStatus.Closed,
        _ => throw RequestMapper.Invalid("status is not known"),
    };

    private async ValueTask<Wallet> ReadAsync(string? name, ulong number, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var rows = await FindAsync(name, number, call).ConfigureAwait(false);
        var view = MemoryMarshal.Read<WalletView>(rows);
        return StateRenderer.WalletOf(tenant, rows, reads.TextsOfWallet(tenant, view.TextSequence, view.Number));
    }

    private async ValueTask<byte[]> FindAsync(string? name, ulong number, GrpcCall call)
    {
        var question = new StateQuestion(CommandKind.ReadWallet, name, number);
        var (result, rows) = await reads.AskAsync(GrpcCaller.TenantOf(call), question, call.CancellationToken).ConfigureAwait(false);
        return result == LedgerResult.Accepted ? rows : throw new GrpcException(Statuses.Of(result));
    }

    private async ValueTask<OperationReply> ExecuteAsync(OperationRequest request, GrpcCall call)
    {
        var reply = await operations.ExecuteAsync(GrpcCaller.TenantOf(call), request, call.CancellationToken).ConfigureAwait(false);
        if (reply.Result == LedgerResult.Accepted) return reply;
        var refusal = Statuses.Of(GrpcCaller.TenantOf(call), reply);
        reply.Dispose();
        throw new GrpcException(refusal);
    }
}
