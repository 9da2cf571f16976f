using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client;

/// <summary>Value that leaves the ledger. Any thread.</summary>
public sealed class DebitCalls : MovementCalls
{
    internal DebitCalls(LogicalCalls calls) : base(calls, "ListDebits")
    {
    }

    public Task<Receipt> CreateAsync(string wallet, Money amount, SpendingTerms? terms = null, RequestOptions? options = null)
    {
        terms ??= new SpendingTerms();
        var request = new CreateDebitRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            Wallet = wallet,
            Amount = amount.ToAmount(),
            Reference = terms.Reference,
            MetadataJson = terms.MetadataJson,
            Intent = terms.Intent,
            ContextJson = terms.ContextJson,
            Selection = terms.Selection,
            LotIds = { terms.LotIds },
        };
        return WriteAsync("CreateDebit", request, request.IdempotencyKey, options);
    }
}
