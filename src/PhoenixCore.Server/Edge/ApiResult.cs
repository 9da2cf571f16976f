using PhoenixCore.Grpc;
using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Edge;

/// <summary>How a result shows itself: the one place that knows code, HTTP status, gRPC status and text of each.</summary>
/// <param name="Code">What clients switch on.</param>
/// <param name="Http">HTTP status.</param>
/// <param name="Grpc">gRPC status; the code rides in ErrorInfo.reason.</param>
/// <param name="Message">For people; may change.</param>
public sealed record ApiResult(string Code, int Http, GrpcStatusCode Grpc, string Message)
{
    public static readonly ApiResult Unauthorized = new("UNAUTHORIZED", 401, GrpcStatusCode.Unauthenticated, "a valid credential is needed: Authorization: Bearer <API key or token>");
    public static readonly ApiResult Forbidden = new("FORBIDDEN", 403, GrpcStatusCode.PermissionDenied, "the credential has no scope for this");
    public static readonly ApiResult ForeignTenant = new("FORBIDDEN", 403, GrpcStatusCode.PermissionDenied, "the request names another tenant than the credential's");
    public static readonly ApiResult TenantSuspended = new("TENANT_SUSPENDED", 403, GrpcStatusCode.PermissionDenied, "the tenant is suspended");
    public static readonly ApiResult RateLimited = new("RATE_LIMITED", 429, GrpcStatusCode.ResourceExhausted, "too many operations; nothing was applied");
    public static readonly ApiResult TooManyUnderWay = new("RATE_LIMITED", 429, GrpcStatusCode.ResourceExhausted, "the tenant has too many operations under way; nothing was applied");
    public static readonly ApiResult WebhookNotFound = new("WEBHOOK_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such webhook");
    public static readonly ApiResult DeliveryNotFound = new("DELIVERY_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such delivery");
    public static readonly ApiResult KeyNotFound = new("KEY_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such key of this tenant");
    public static readonly ApiResult KeyNotActive = new("KEY_NOT_ACTIVE", 422, GrpcStatusCode.FailedPrecondition, "the key is revoked");

    // By number, with gaps where no result has one.
    private static readonly ApiResult[] All = Enumerable.Range(0, (int)Enum.GetValues<LedgerResult>().Max() + 1)
        .Select(number => Enum.IsDefined((LedgerResult)number) ? Make((LedgerResult)number) : null!).ToArray();

    public static ApiResult Of(LedgerResult result) => All[(int)result];

    /// <summary>A request that breaks the contract.</summary>
    public static ApiResult Invalid(string why) => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, why);

    // No default arm: a new result that is not named here does not compile (CS8509).
    private static ApiResult Make(LedgerResult result) => result switch
    {
        LedgerResult.Accepted => new("OK", 200, GrpcStatusCode.OK, "accepted"),
        LedgerResult.InvalidAmount => new("INVALID_AMOUNT", 400, GrpcStatusCode.InvalidArgument, "the amount must be a positive number of at most 38 digits"),
        LedgerResult.WalletNotFound => new("WALLET_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such wallet"),
        LedgerResult.SystemWallet => new("SYSTEM_WALLET", 422, GrpcStatusCode.FailedPrecondition, "the system's wallets cannot be used in commands"),
        LedgerResult.SameWallet => new("SAME_WALLET", 422, GrpcStatusCode.FailedPrecondition, "source and destination are the same wallet"),
        LedgerResult.AssetNotFound => new("ASSET_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such asset"),
        LedgerResult.AssetRequired => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "the asset is missing and the wallet has no default"),
        LedgerResult.AssetInactive => new("ASSET_INACTIVE", 422, GrpcStatusCode.FailedPrecondition, "the asset is inactive: nothing new can be issued in it"),
        LedgerResult.WalletClosed => new("WALLET_CLOSED", 422, GrpcStatusCode.FailedPrecondition, "the wallet is closed"),
        LedgerResult.WalletFrozen => new("WALLET_FROZEN", 403, GrpcStatusCode.FailedPrecondition, "the wallet is frozen: nothing may leave it"),
        LedgerResult.WalletNotEmpty => new("WALLET_NOT_EMPTY", 422, GrpcStatusCode.FailedPrecondition, "the wallet still holds a balance or a reservation"),
        LedgerResult.InsufficientBalance => new("INSUFFICIENT_BALANCE", 400, GrpcStatusCode.FailedPrecondition, "the available balance does not cover the amount"),
        LedgerResult.LotNotFound => new("LOT_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such lot in this wallet"),
        LedgerResult.LotNotAvailable => new("LOT_NOT_AVAILABLE", 422, GrpcStatusCode.FailedPrecondition, "the lot is expired or has nothing available"),
        LedgerResult.TooManyLots => new("TOO_MANY_LOTS", 422, GrpcStatusCode.FailedPrecondition, "the operation would touch more than 1,024 lots"),
        LedgerResult.BalanceLimitExceeded => new("BALANCE_LIMIT_EXCEEDED", 422, GrpcStatusCode.FailedPrecondition, "the balance would pass the account's ceiling"),
        LedgerResult.BalanceWouldOverflow => new("BALANCE_WOULD_OVERFLOW", 422, GrpcStatusCode.FailedPrecondition, "the balance would pass 38 digits"),
        LedgerResult.ReservationNotFound => new("RESERVATION_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such reservation"),
        LedgerResult.ReservationExpired => new("RESERVATION_EXPIRED", 400, GrpcStatusCode.FailedPrecondition, "the reservation has expired"),
        LedgerResult.ReservationNotActive => new("RESERVATION_NOT_ACTIVE", 422, GrpcStatusCode.FailedPrecondition, "the reservation was already committed or released"),
        LedgerResult.CaptureExceedsReservation => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "the amount is larger than what the reservation holds"),
        LedgerResult.ExpiryInPast => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "expires_at lies in the past"),
        LedgerResult.ExpiryTooFar => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "expires_at lies more than 30 days ahead"),
        LedgerResult.PooledTerms => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "a pooled wallet's lots have no expiry, attributes, restrictions or policy, and a lot that is added to keeps its own"),
        LedgerResult.BoundsInvalid => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "floor and ceiling do not fit: floor ≤ ceiling, ceiling ≥ 0, and a floor below zero only on a pooled wallet"),
        LedgerResult.DuplicateExternalId => new("DUPLICATE_EXTERNAL_ID", 409, GrpcStatusCode.AlreadyExists, "a wallet with this external_id exists"),
        LedgerResult.DuplicateAsset => new("DUPLICATE_ASSET", 409, GrpcStatusCode.AlreadyExists, "an asset with this code exists"),
        LedgerResult.ScaleOutOfRange => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "the scale must be 0 to 18"),
        LedgerResult.IdempotencyConflict => new("IDEMPOTENCY_CONFLICT", 409, GrpcStatusCode.Aborted, "the idempotency key was used for another request"),
        LedgerResult.IdempotencyKeyClosed => new("IDEMPOTENCY_KEY_CLOSED", 409, GrpcStatusCode.Aborted, "the idempotency key was closed: nothing will ever be applied under it"),
        LedgerResult.DeadlineExceeded => new("DEADLINE_EXCEEDED", 408, GrpcStatusCode.DeadlineExceeded, "the deadline had passed before the command was sequenced: it was definitely not applied"),
        LedgerResult.StorageFull => new("STORAGE_FULL", 507, GrpcStatusCode.ResourceExhausted, "the disk has no room for more: writes are refused, reads go on"),
        LedgerResult.TooManyOperations => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "no operations, or more than one transaction may hold"),
        LedgerResult.TenantNotFound => new("TENANT_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such tenant"),
        LedgerResult.DuplicateTenant => new("DUPLICATE_TENANT", 409, GrpcStatusCode.AlreadyExists, "the tenant exists"),
        LedgerResult.KeyUnknown => new("OPERATION_NOT_FOUND", 404, GrpcStatusCode.NotFound, "nothing is known under this idempotency key; it may still be on its way (ask with close to make that impossible)"),
        LedgerResult.OperationNotAllowed => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "this operation cannot stand in a batch"),
        LedgerResult.ReleaseExceedsReservation => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "the amount to release is larger than what the reservation holds"),
        LedgerResult.AlreadyReversed => new("ALREADY_REVERSED", 422, GrpcStatusCode.FailedPrecondition, "so much is not left of it that was not reversed before"),
        LedgerResult.TransactionNotFound => new("TRANSACTION_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such credit or transfer"),
        LedgerResult.KeysNotSearched => new("UNAVAILABLE", 503, GrpcStatusCode.Unavailable, "try again"),
        LedgerResult.Outdated => new("UNAVAILABLE", 503, GrpcStatusCode.Unavailable, "try again"),
        LedgerResult.EndingNotSearched => new("UNAVAILABLE", 503, GrpcStatusCode.Unavailable, "how the reservation ended cannot be looked up now: try again"),
        LedgerResult.TextTooLarge => new("VALIDATION_ERROR", 400, GrpcStatusCode.InvalidArgument, "metadata or attributes would grow past their limits"),
        LedgerResult.ScaleImmutable => new("SCALE_IMMUTABLE", 422, GrpcStatusCode.FailedPrecondition, "the scale cannot change any more: lots or bounds are counted in it"),
        LedgerResult.NotLeader => new("NOT_LEADER", 421, GrpcStatusCode.Unavailable, "this copy of the ledger follows another one, which takes what writes"),
        LedgerResult.NotEnoughReplicas => new("NOT_ENOUGH_REPLICAS", 503, GrpcStatusCode.Unavailable, "too few copies of the ledger are there to make it durable; nothing was applied"),
        LedgerResult.ClockSuspect => new("CLOCK_SUSPECT", 503, GrpcStatusCode.Unavailable, "the server's clock jumped and waits for an operator"),
        LedgerResult.PolicyViolation => new("POLICY_VIOLATION", 400, GrpcStatusCode.FailedPrecondition, "a policy does not allow this"),
        LedgerResult.PolicyNotFound => new("POLICY_NOT_FOUND", 404, GrpcStatusCode.NotFound, "no such policy, or not this version of it"),
        LedgerResult.TenantNotSuspended => new("TENANT_NOT_SUSPENDED", 422, GrpcStatusCode.FailedPrecondition, "only a suspended tenant can be erased"),
        LedgerResult.TenantErased => new("TENANT_ERASED", 422, GrpcStatusCode.FailedPrecondition, "the tenant was erased, which nothing takes back"),
        LedgerResult.InvalidPolicy => new("INVALID_POLICY", 400, GrpcStatusCode.InvalidArgument, "the policy cannot be used here: unknown, not active, or not well-formed"),
    };
}
