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

    public async ValueTask<Wallet> UpdateAsync(UpdateWalletRequest request, GrpcCall call)
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

    /// <summary>A page's token is the cursor of the REST list.</summary>
    public async ValueTask<ListLotsReply> ListLotsAsync(ListLotsRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var wallet = RequestMapper.Text(request.Wallet, "wallet") ?? "";
        var token = request.PageToken.Length == 0 ? null : request.PageToken;
        var (rows, next) = await PastCalls.Guard(operations.History.LotLists.ListAsync(tenant, wallet, HistoryMapper.Map(request), token, RequestMapper.PageSize(request.PageSize), call.CancellationToken)).ConfigureAwait(false);
        var reply = new ListLotsReply { NextPageToken = next ?? "" };
        foreach (var (lot, _) in rows) reply.Lots.Add(StateRenderer.LotOf(tenant, lot, sequence => reads.FindFact(tenant, sequence)?.Payload));
        return reply;
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
