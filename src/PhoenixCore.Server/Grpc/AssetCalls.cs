using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Rendering;

namespace PhoenixCore.Server.Grpc;

/// <summary>Calls about assets.</summary>
internal sealed class AssetCalls(Operations operations, StateReads reads)
{
    public async ValueTask<Asset> CreateAsync(CreateAssetRequest request, GrpcCall call)
    {
        await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false);
        return await ReadAsync(request.Code, call).ConfigureAwait(false);
    }

    public async ValueTask<Asset> SetStatusAsync(SetAssetStatusRequest request, GrpcCall call)
    {
        await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false);
        return await ReadAsync(request.Code, call).ConfigureAwait(false);
    }

    public async ValueTask<Asset> UpdateAsync(UpdateAssetRequest request, GrpcCall call)
    {
        await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false);
        return await ReadAsync(request.Code, call).ConfigureAwait(false);
    }

    public async ValueTask<Asset> BindAsync(BindAssetRequest request, GrpcCall call)
    {
        await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false);
        return await ReadAsync(request.Asset, call).ConfigureAwait(false);
    }

    public ValueTask<Asset> GetAsync(GetAssetRequest request, GrpcCall call) => ReadAsync(request.Code, call);

    /// <summary>A page's token is the code of its last asset.</summary>
    public async ValueTask<ListAssetsReply> ListAsync(ListAssetsRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var rows = RequestMapper.PageSize(request.PageSize);
        var after = request.PageToken.Length == 0 ? 0 : (await FindAsync(request.PageToken, call).ConfigureAwait(false) ?? throw RequestMapper.Invalid("page_token is none of ours")).Handle;
        var question = new StateQuestion(CommandKind.ListAssets, Number: (ulong)after, Subject: (ulong)rows + 1);
        var (_, found) = await reads.AskAsync(tenant, question, call.CancellationToken).ConfigureAwait(false);
        return PageOf(tenant, found, rows);
    }

    private ListAssetsReply PageOf(TenantContext tenant, byte[] found, int rows)
    {
        var reply = new ListAssetsReply();
        var views = ReadRows.All<AssetView>(found);
        foreach (ref readonly var view in views[..Math.Min(rows, views.Length)]) reply.Assets.Add(StateRenderer.AssetOf(tenant, view, reads.TextsOfAsset(tenant, view.TextSequence, view.Code)));
        if (views.Length > rows) reply.NextPageToken = reply.Assets[^1].Code;
        return reply;
    }

    private async ValueTask<Asset> ReadAsync(string code, GrpcCall call)
    {
        var view = await FindAsync(code, call).ConfigureAwait(false) ?? throw new GrpcException(Statuses.Of(LedgerResult.AssetNotFound));
        return StateRenderer.AssetOf(GrpcCaller.TenantOf(call), view, reads.TextsOfAsset(GrpcCaller.TenantOf(call), view.TextSequence, view.Code));
    }

    private async ValueTask<AssetView?> FindAsync(string code, GrpcCall call)
    {
        var bytes = Encoding.UTF8.GetBytes(code);
        if (!AssetCode.IsValid(bytes)) return null;
        var question = new StateQuestion(CommandKind.ReadAsset, Asset: AssetCode.Pack(bytes));
        var (result, rows) = await reads.AskAsync(GrpcCaller.TenantOf(call), question, call.CancellationToken).ConfigureAwait(false);
        return result == LedgerResult.Accepted ? MemoryMarshal.Read<AssetView>(rows) : null;
    }

    private async ValueTask ExecuteAsync(OperationRequest request, GrpcCall call)
    {
        using var reply = await operations.ExecuteAsync(GrpcCaller.TenantOf(call), request, call.CancellationToken).ConfigureAwait(false);
        if (reply.Result != LedgerResult.Accepted) throw new GrpcException(Statuses.Of(GrpcCaller.TenantOf(call), reply));
    }
}
