using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client;

/// <summary>Value that comes into the ledger. Any thread.</summary>
public sealed class CreditCalls : MovementCalls
{
    internal CreditCalls(LogicalCalls calls) : base(calls, "ListCredits")
    {
    }

    /// <summary>Makes a lot in the wallet.</summary>
    public Task<Receipt> CreateAsync(string wallet, Money amount, CreditTerms? terms = null, RequestOptions? options = null)
    {
        terms ??= new CreditTerms();
        var request = new CreateCreditRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            Wallet = wallet,
            Amount = amount.ToAmount(),
            Reference = terms.Reference,
            MetadataJson = terms.MetadataJson,
            Intent = terms.Intent,
            ContextJson = terms.ContextJson,
            ExpiresAtUnixNs = UnixNanoseconds.From(terms.ExpiresAt),
            AttributesJson = terms.AttributesJson,
            RestrictionsJson = terms.RestrictionsJson,
            PolicyId = terms.PolicyId,
        };
        return WriteAsync("CreateCredit", request, request.IdempotencyKey, options);
    }

    /// <summary>Takes a credit back, as far as its lot still has it.</summary>
    /// <param name="amount">Null = what is not reversed yet.</param>
    public Task<Receipt> ReverseAsync(string credit, Money? amount = null, string reason = "", Terms? terms = null, RequestOptions? options = null)
    {
        var request = new ReverseCreditRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            CreditId = credit,
            Amount = amount?.ToAmount(),
            Reason = reason,
            Reference = terms?.Reference ?? "",
            MetadataJson = terms?.MetadataJson ?? "",
        };
        return WriteAsync("ReverseCredit", request, request.IdempotencyKey, options);
    }
}
