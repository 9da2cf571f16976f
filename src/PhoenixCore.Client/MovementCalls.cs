using Google.Protobuf;
using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client;

/// <summary>What credits, transfers and debits share.</summary>
public abstract class MovementCalls
{
    private readonly LogicalCalls _calls;
    private readonly string _list;

    private protected MovementCalls(LogicalCalls calls, string list) => (_calls, _list) = (calls, list);

    /// <summary>As the ledger booked it.</summary>
    public async Task<BookedTransaction> GetAsync(string id, CancellationToken ct = default) =>
        BookedTransaction.From(await _calls.RunAsync(LogicalCalls.Ledger, "GetTransaction", new GetTransactionRequest { Id = id }, Transaction.Parser, null, ct).ConfigureAwait(false));

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<Booking> ListAsync(HistoryFilter? filter = null, CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var page = await _calls.RunAsync(LogicalCalls.History, _list, (filter ?? new HistoryFilter()).ToRequest(token), ListOperationsReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Operations.Select(row => Booking.From(row.Operation, row.TransactionId, row.CreatedAtUnixNs, row.Sequence)), page.NextPageToken);
        },
        ct);

    private protected Task<Receipt> WriteAsync<TRequest>(string method, TRequest request, string key, RequestOptions? options)
        where TRequest : IMessage<TRequest> => _calls.WriteAsync(method, request, key, options);
}
