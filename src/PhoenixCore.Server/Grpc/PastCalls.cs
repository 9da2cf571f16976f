using System.Globalization;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Grpc.Rendering;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Shard.History.Totals;
using TrialBalance = PhoenixCore.Contracts.V1.TrialBalance;

namespace PhoenixCore.Server.Grpc;

/// <summary>The service History.</summary>
internal sealed class PastCalls(LedgerHistory history, StateReads reads, AssetDirectory assets, TransactionRenderer renderer)
{
    public static GrpcServiceBinder Bind(LedgerHistory history, StateReads reads, AssetDirectory assets, TransactionRenderer renderer)
    {
        var calls = new PastCalls(history, reads, assets, renderer);
        return new GrpcServiceBinder(HistoryReflection.Descriptor.Services[0])
            .Unary<ListHistoryRequest, ListTransactionsReply>("ListTransactions", ListHistoryRequest.Parser, calls.ListTransactionsAsync)
            .Unary<ListHistoryRequest, ListEntriesReply>("ListEntries", ListHistoryRequest.Parser, calls.ListEntriesAsync)
            .Unary<ListHistoryRequest, ListOperationsReply>("ListCredits", ListHistoryRequest.Parser, (request, call) => calls.ListOperationsAsync(HistoryList.Credits, request, call))
            .Unary<ListHistoryRequest, ListOperationsReply>("ListTransfers", ListHistoryRequest.Parser, (request, call) => calls.ListOperationsAsync(HistoryList.Transfers, request, call))
            .Unary<ListHistoryRequest, ListOperationsReply>("ListDebits", ListHistoryRequest.Parser, (request, call) => calls.ListOperationsAsync(HistoryList.Debits, request, call))
            .Unary<ListReservationsRequest, ListReservationsReply>("ListReservations", ListReservationsRequest.Parser, calls.ListReservationsAsync)
            .Unary<GetLotRequest, LotHistory>("GetLot", GetLotRequest.Parser, calls.GetLotAsync)
            .Unary<GetBalancesRequest, GetBalancesReply>("GetBalances", GetBalancesRequest.Parser, calls.GetBalancesAsync)
            .Unary<GetTrialBalanceRequest, TrialBalance>("GetTrialBalance", GetTrialBalanceRequest.Parser, calls.GetTrialBalanceAsync);
    }

    /// <summary>Says a refusal of history in this front's way.</summary>
    public static async ValueTask<T> Guard<T>(ValueTask<T> answer)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (HistoryRefusedException refused)
        {
            throw new GrpcException(new GrpcStatus(refused.Result.Grpc, refused.Result.Message, refused.Result.Code, Statuses.Domain));
        }
    }

    private async ValueTask<ListTransactionsReply> ListTransactionsAsync(ListHistoryRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var page = await ListAsync(HistoryList.Transactions, request, call).ConfigureAwait(false);
        var wallet = page.Wallet == 0 ? null : tenant.Ids.Format(IdKind.Wallet, page.Wallet);
        var reply = new ListTransactionsReply { NextPageToken = page.Cursor ?? "" };
        foreach (var row in page.Rows)
        {
            var transaction = await renderer.RenderAsync(tenant, row.Fact, row.Context, false, call.CancellationToken).ConfigureAwait(false);
            if (wallet is not null) KeepOnly(transaction, wallet);
            reply.Transactions.Add(transaction);
        }

        return reply;
    }

    private async ValueTask<ListEntriesReply> ListEntriesAsync(ListHistoryRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var page = await ListAsync(HistoryList.Entries, request, call).ConfigureAwait(false);
        var reply = new ListEntriesReply { NextPageToken = page.Cursor ?? "" };
        foreach (var row in page.Rows) reply.Entries.Add(await EntryRenderer.RenderAsync(tenant, assets, row, call.CancellationToken).ConfigureAwait(false));
        return reply;
    }

    private async ValueTask<ListOperationsReply> ListOperationsAsync(HistoryList list, ListHistoryRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var page = await ListAsync(list, request, call).ConfigureAwait(false);
        var reply = new ListOperationsReply { NextPageToken = page.Cursor ?? "" };
        var (transaction, rendered) = ((Transaction?)null, (byte[]?)null);
        foreach (var row in page.Rows)
        {
            if (transaction is null || rendered != row.Fact) // rows of one batch lie together
                (transaction, rendered) = (await renderer.RenderAsync(tenant, row.Fact, row.Context, false, call.CancellationToken).ConfigureAwait(false), row.Fact);
            var operation = transaction.Operations[row.Place];
            if (list == HistoryList.Transfers) operation.Id = tenant.Ids.Format(IdKind.Transfer, Numbers.Of(row.Context.Sequence, row.Place)); // also of a capture
            reply.Operations.Add(new BookedOperation { TransactionId = transaction.Id, CreatedAtUnixNs = row.Context.Stamp, Sequence = transaction.Sequence, Operation = operation });
        }

        return reply;
    }

    private async ValueTask<ListReservationsReply> ListReservationsAsync(ListReservationsRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var page = await Guard(history.Lists.ListAsync(tenant, HistoryMapper.Map(request), call.CancellationToken)).ConfigureAwait(false);
        var reply = new ListReservationsReply { NextPageToken = page.Cursor ?? "" };
        for (var i = 0; i < page.Rows.Count; i++)
            reply.Reservations.Add(await ReservationRenderer.RenderAsync(tenant, assets, page.Rows[i], page.Outcomes[i], call.CancellationToken).ConfigureAwait(false));
        return reply;
    }

    private async ValueTask<LotHistory> GetLotAsync(GetLotRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var lot = await Guard(history.Lots.FindAsync(tenant, request.LotId, call.CancellationToken)).ConfigureAwait(false);
        return new LotHistory { Lot = StateRenderer.LotOf(tenant, lot.View, sequence => reads.FindFact(tenant, sequence)?.Payload), EndedAtUnixNs = lot.End?.Last.Stamp ?? 0 };
    }

    private async ValueTask<GetBalancesReply> GetBalancesAsync(GetBalancesRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var (wallet, moment) = HistoryMapper.Map(request);
        if (request.Asset.Length > 0 && await assets.FindAsync(tenant, request.Asset, call.CancellationToken).ConfigureAwait(false) is null) throw new GrpcException(Statuses.Of(LedgerResult.AssetNotFound));
        var past = await Guard(history.Balances.FindAsync(tenant, wallet, moment, call.CancellationToken)).ConfigureAwait(false);
        var reply = new GetBalancesReply { WalletId = tenant.Ids.Format(IdKind.Wallet, past.Wallet), Sequence = past.Sequence, DecidedAtUnixNs = past.Stamp };
        foreach (var balance in past.Balances)
        {
            if (request.Asset.Length == 0 || AssetCode.Unpack(balance.Asset) == request.Asset) reply.Balances.Add(StateRenderer.PastBalanceOf(balance));
        }

        return reply;
    }

    private async ValueTask<TrialBalance> GetTrialBalanceAsync(GetTrialBalanceRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var wanted = request.Asset.Length == 0 ? null
            : await assets.FindAsync(tenant, request.Asset, call.CancellationToken).ConfigureAwait(false) ?? throw new GrpcException(Statuses.Of(LedgerResult.AssetNotFound));
        var report = await Guard(new ValueTask<TrialReport>(Task.Run(() => history.ReadTrial(tenant)))).ConfigureAwait(false);
        var reply = new TrialBalance { Balanced = true, Complete = report.IsComplete, Sequence = report.Sequence, DecidedAtUnixNs = report.Stamp };
        foreach (var trial in report.Assets)
        {
            if (wanted is not null && trial.Asset != wanted.Handle) continue;
            reply.Balanced &= trial.IsBalanced;
            reply.Assets.Add(Render(trial, await assets.FindAsync(tenant, trial.Asset, call.CancellationToken).ConfigureAwait(false) ?? throw new InvariantBrokenException("a posting's asset is not there")));
        }

        return reply;
    }

    private static AssetTrialBalance Render(AssetTrial trial, AssetInfo asset)
    {
        var balance = new AssetTrialBalance
        {
            Asset = asset.Code,
            Scale = (uint)asset.Scale,
            Postings = trial.Postings,
            TotalDebits = trial.Debits.ToString(CultureInfo.InvariantCulture),
            TotalCredits = trial.Credits.ToString(CultureInfo.InvariantCulture),
            Balanced = trial.IsBalanced,
        };
        foreach (var line in trial.Lines)
        {
            balance.Lines.Add(new TrialBalanceLine
            {
                Account = TrialBalanceJson.NameOf(line.Class),
                Debits = line.Debits.ToString(CultureInfo.InvariantCulture),
                Credits = line.Credits.ToString(CultureInfo.InvariantCulture),
                Balance = (line.Credits - line.Debits).ToString(CultureInfo.InvariantCulture),
            });
        }

        return balance;
    }

    private ValueTask<HistoryPage> ListAsync(HistoryList list, ListHistoryRequest request, GrpcCall call) =>
        Guard(history.Lists.ListAsync(GrpcCaller.TenantOf(call), HistoryMapper.Map(list, request), call.CancellationToken));

    private static void KeepOnly(Transaction transaction, string wallet)
    {
        foreach (var operation in transaction.Operations)
        {
            for (var i = operation.Postings.Count - 1; i >= 0; i--)
            {
                if (operation.Postings[i].DebitWalletId != wallet && operation.Postings[i].CreditWalletId != wallet) operation.Postings.RemoveAt(i);
            }
        }
    }
}
