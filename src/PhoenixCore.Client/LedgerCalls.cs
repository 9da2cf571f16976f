using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;
using Balance = PhoenixCore.Client.Api.Balance;
using TrialBalance = PhoenixCore.Client.Api.TrialBalance;

namespace PhoenixCore.Client;

/// <summary>What was booked, what became of keys, balances of the past. Any thread.</summary>
public sealed class LedgerCalls
{
    private readonly LogicalCalls _calls;

    internal LedgerCalls(LogicalCalls calls) => _calls = calls;

    /// <param name="id">Of the transaction, or of a credit, transfer, debit or reservation.</param>
    public async Task<BookedTransaction> GetTransactionAsync(string id, CancellationToken ct = default) =>
        BookedTransaction.From(await _calls.RunAsync(LogicalCalls.Ledger, "GetTransaction", new GetTransactionRequest { Id = id }, Transaction.Parser, null, ct).ConfigureAwait(false));

    /// <summary>Newest first; of one wallet, only its own postings.</summary>
    public IAsyncEnumerable<BookedTransaction> ListTransactionsAsync(HistoryFilter? filter = null, CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var page = await _calls.RunAsync(LogicalCalls.History, "ListTransactions", (filter ?? new HistoryFilter()).ToRequest(token), ListTransactionsReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Transactions.Select(BookedTransaction.From), page.NextPageToken);
        },
        ct);

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<LedgerEntry> ListEntriesAsync(HistoryFilter? filter = null, CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var page = await _calls.RunAsync(LogicalCalls.History, "ListEntries", (filter ?? new HistoryFilter()).ToRequest(token), ListEntriesReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Entries.Select(LedgerEntry.From), page.NextPageToken);
        },
        ct);

    /// <summary>As of a moment: every transaction decided then or before counts.</summary>
    public Task<IReadOnlyList<Balance>> GetBalancesAsync(string wallet, DateTimeOffset at, CancellationToken ct = default) =>
        BalancesAsync(new GetBalancesRequest { Wallet = wallet, AtUnixNs = UnixNanoseconds.From(at) }, ct);

    /// <summary>As of an event: its transaction and all before it count.</summary>
    public Task<IReadOnlyList<Balance>> GetBalancesAsync(string wallet, ulong sequence, CancellationToken ct = default) =>
        BalancesAsync(new GetBalancesRequest { Wallet = wallet, Sequence = sequence }, ct);

    /// <param name="asset">Empty = all assets.</param>
    public async Task<TrialBalance> GetTrialBalanceAsync(string asset = "", CancellationToken ct = default) =>
        TrialBalance.From(await _calls.RunAsync(LogicalCalls.History, "GetTrialBalance", new GetTrialBalanceRequest { Asset = asset }, Contracts.V1.TrialBalance.Parser, null, ct).ConfigureAwait(false));

    /// <summary>What became of an idempotency key.</summary>
    /// <param name="close">When nothing is known under it, nothing ever will be: the answer is final.</param>
    /// <exception cref="Errors.PhoenixNotFoundException">Nothing is known under it (yet).</exception>
    public async Task<KeyOutcome> FindKeyAsync(string idempotencyKey, bool close = false, CancellationToken ct = default) =>
        KeyOutcome.From(await _calls.RunAsync(LogicalCalls.Ledger, "GetOperation", new GetOperationRequest { IdempotencyKey = idempotencyKey, Close = close }, GetOperationReply.Parser, null, ct).ConfigureAwait(false));

    private async Task<IReadOnlyList<Balance>> BalancesAsync(GetBalancesRequest request, CancellationToken ct) =>
        [.. (await _calls.RunAsync(LogicalCalls.History, "GetBalances", request, GetBalancesReply.Parser, null, ct).ConfigureAwait(false)).Balances.Select(Balance.From)];
}
