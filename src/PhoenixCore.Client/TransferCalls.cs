using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client;

/// <summary>Value that goes from wallet to wallet. Any thread.</summary>
public sealed class TransferCalls : MovementCalls
{
    internal TransferCalls(LogicalCalls calls) : base(calls, "ListTransfers")
    {
    }

    public Task<Receipt> CreateAsync(string fromWallet, string toWallet, Money amount, SpendingTerms? terms = null, RequestOptions? options = null)
    {
        terms ??= new SpendingTerms();
        var request = new CreateTransferRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            FromWallet = fromWallet,
            ToWallet = toWallet,
            Amount = amount.ToAmount(),
            Reference = terms.Reference,
            MetadataJson = terms.MetadataJson,
            Intent = terms.Intent,
            ContextJson = terms.ContextJson,
            Selection = terms.Selection,
            LotIds = { terms.LotIds },
        };
        return WriteAsync("CreateTransfer", request, request.IdempotencyKey, options);
    }

    /// <summary>Commits a reservation to another wallet.</summary>
    /// <param name="amount">Null = all that is held; of a part, the rest goes back.</param>
    /// <returns>Names the reservation.</returns>
    public Task<Receipt> FromReservationAsync(string reservation, string toWallet, Money? amount = null, Terms? terms = null, RequestOptions? options = null)
    {
        var request = ReservationCalls.CommitRequest(reservation, toWallet, amount, terms, options);
        return WriteAsync("CommitReservation", request, request.IdempotencyKey, options);
    }

    /// <summary>Takes a transfer, or a commit to a wallet, back into the lots that it came from, as far as the receiver still has it.</summary>
    /// <param name="amount">Null = what is not reversed yet.</param>
    public Task<Receipt> ReverseAsync(string transfer, Money? amount = null, string reason = "", Terms? terms = null, RequestOptions? options = null)
    {
        var request = new ReverseTransferRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            TransferId = transfer,
            Amount = amount?.ToAmount(),
            Reason = reason,
            Reference = terms?.Reference ?? "",
            MetadataJson = terms?.MetadataJson ?? "",
        };
        return WriteAsync("ReverseTransfer", request, request.IdempotencyKey, options);
    }
}
