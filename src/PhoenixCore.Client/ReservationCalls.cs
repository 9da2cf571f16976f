using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;
using Reservation = PhoenixCore.Client.Api.Reservation;

namespace PhoenixCore.Client;

/// <summary>Value that is set aside until it is committed, released, or its time is over. Any thread.</summary>
public sealed class ReservationCalls
{
    private readonly LogicalCalls _calls;

    internal ReservationCalls(LogicalCalls calls) => _calls = calls;

    public Task<Receipt> CreateAsync(string wallet, Money amount, ReservationTerms? terms = null, RequestOptions? options = null)
    {
        terms ??= new ReservationTerms();
        var request = new CreateReservationRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            Wallet = wallet,
            Amount = amount.ToAmount(),
            Reference = terms.Reference,
            MetadataJson = terms.MetadataJson,
            Intent = terms.Intent,
            ContextJson = terms.ContextJson,
            ExpiresAtUnixNs = UnixNanoseconds.From(terms.ExpiresAt),
            Selection = terms.Selection,
            LotIds = { terms.LotIds },
        };
        return _calls.WriteAsync("CreateReservation", request, request.IdempotencyKey, options);
    }

    /// <summary>Spends what is held.</summary>
    /// <param name="toWallet">Empty = it leaves the ledger.</param>
    /// <param name="amount">Null = all that is held; of a part, the rest goes back.</param>
    public Task<Receipt> CommitAsync(string reservation, string toWallet = "", Money? amount = null, Terms? terms = null, RequestOptions? options = null)
    {
        var request = CommitRequest(reservation, toWallet, amount, terms, options);
        return _calls.WriteAsync("CommitReservation", request, request.IdempotencyKey, options);
    }

    public Task<Receipt> ReleaseAsync(string reservation, string reference = "", RequestOptions? options = null)
    {
        var request = new ReleaseReservationRequest { IdempotencyKey = LogicalCalls.KeyOf(options), ReservationId = reservation, Reference = reference };
        return _calls.WriteAsync("ReleaseReservation", request, request.IdempotencyKey, options);
    }

    /// <summary>Spends a part of what is held; the rest stays held.</summary>
    /// <param name="toWallet">Empty = it leaves the ledger.</param>
    public Task<Receipt> CommitPartAsync(string reservation, Money amount, string toWallet = "", Terms? terms = null, RequestOptions? options = null)
    {
        var request = CommitRequest(reservation, toWallet, amount, terms, options);
        request.Final = false;
        return _calls.WriteAsync("CommitReservation", request, request.IdempotencyKey, options);
    }

    /// <summary>Gives a part back, the last lots taken first; the rest stays held.</summary>
    public Task<Receipt> ReleaseAsync(string reservation, Money amount, string reference = "", RequestOptions? options = null)
    {
        var request = new ReleaseReservationRequest { IdempotencyKey = LogicalCalls.KeyOf(options), ReservationId = reservation, Amount = amount.ToAmount(), Reference = reference };
        return _calls.WriteAsync("ReleaseReservation", request, request.IdempotencyKey, options);
    }

    /// <summary>Holds more.</summary>
    public Task<Receipt> IncrementAsync(string reservation, Money amount, SpendingTerms? terms = null, RequestOptions? options = null)
    {
        terms ??= new SpendingTerms();
        var request = new IncrementReservationRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            ReservationId = reservation,
            Amount = amount.ToAmount(),
            Reference = terms.Reference,
            MetadataJson = terms.MetadataJson,
            Intent = terms.Intent,
            ContextJson = terms.ContextJson,
            Selection = terms.Selection,
            LotIds = { terms.LotIds },
        };
        return _calls.WriteAsync("IncrementReservation", request, request.IdempotencyKey, options);
    }

    /// <summary>Moves its end, earlier or later.</summary>
    /// <param name="expiresAt">At most 30 days after its creation.</param>
    public Task<Receipt> ExtendAsync(string reservation, DateTimeOffset expiresAt, string reason = "", RequestOptions? options = null)
    {
        var request = new ExtendReservationRequest { IdempotencyKey = LogicalCalls.KeyOf(options), ReservationId = reservation, ExpiresAtUnixNs = UnixNanoseconds.From(expiresAt), Reason = reason };
        return _calls.WriteAsync("ExtendReservation", request, request.IdempotencyKey, options);
    }

    /// <summary>How it ended too, however long ago.</summary>
    public async Task<Reservation> GetAsync(string reservation, CancellationToken ct = default) =>
        Reservation.From(await _calls.RunAsync(LogicalCalls.Ledger, "GetReservation", new GetReservationRequest { ReservationId = reservation }, Contracts.V1.Reservation.Parser, null, ct).ConfigureAwait(false));

    /// <summary>Newest first.</summary>
    /// <param name="wallet">Empty = all wallets.</param>
    /// <param name="status">Unspecified = all.</param>
    public IAsyncEnumerable<Reservation> ListAsync(string wallet = "", ReservationStatus status = default, CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var request = new ListReservationsRequest { PageSize = LogicalCalls.Page, PageToken = token, Wallet = wallet, Status = status };
            var page = await _calls.RunAsync(LogicalCalls.History, "ListReservations", request, ListReservationsReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Reservations.Select(Reservation.From), page.NextPageToken);
        },
        ct);

    internal static CommitReservationRequest CommitRequest(string reservation, string toWallet, Money? amount, Terms? terms, RequestOptions? options) => new()
    {
        IdempotencyKey = LogicalCalls.KeyOf(options),
        ReservationId = reservation,
        ToWallet = toWallet,
        Amount = amount?.ToAmount(),
        Reference = terms?.Reference ?? "",
        MetadataJson = terms?.MetadataJson ?? "",
        Intent = terms?.Intent ?? "",
        ContextJson = terms?.ContextJson ?? "",
    };
}
