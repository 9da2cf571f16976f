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

    /// <summary>A page's token is the id of its last wallet.</summary>
    public async ValueTask<ListWalletsReply> ListAsync(ListWalletsRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var rows = RequestMapper.PageSize(request.PageSize);
        var after = 0UL;
        if (request.PageToken.Length > 0 && !tenant.Ids.TryParse(IdKind.Wallet, request.PageToken, out after)) throw RequestMapper.Invalid("page_token is none of ours");
        var flags = request.IncludeSystem ? CommandFlags.IncludeSystem : CommandFlags.None;
        var question = new StateQuestion(CommandKind.ListWallets, Number: after, Subject: (ulong)rows + 1, Flags: flags);
        var (result, found) = await reads.AskAsync(tenant, question, call.CancellationToken).ConfigureAwait(false);
        return result == LedgerResult.Accepted ? PageOf(tenant, found, rows) : throw new GrpcException(Statuses.Of(result));
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

    private ListWalletsReply PageOf(TenantContext tenant, byte[] found, int rows)
    {
        var reply = new ListWalletsReply();
        var views = ReadRows.All<WalletView>(found);
        foreach (ref readonly var view in views[..Math.Min(rows, views.Length)]) reply.Wallets.Add(StateRenderer.WalletOf(tenant, view, reads.TextsOfWallet(tenant, view.TextSequence, view.Number)));
        if (views.Length > rows) reply.NextPageToken = reply.Wallets[^1].Id;
        return reply;
    }

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
