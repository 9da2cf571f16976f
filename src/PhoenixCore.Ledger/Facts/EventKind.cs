namespace PhoenixCore.Ledger.Facts;

/// <summary>What happened, as a tenant's event stream says it. Not stored: it follows from the facts.</summary>
public enum EventKind
{
    WalletCreated,
    WalletUpdated,
    WalletFrozen,
    WalletUnfrozen,
    WalletClosed,
    WalletCredited,
    WalletDebited,
    TransferCompleted,
    DebitCompleted,
    CreditReversed,
    TransferReversed,
    ReservationCreated,
    ReservationCommitted,
    ReservationPartiallyCommitted,
    ReservationReleased,
    ReservationPartiallyReleased,
    ReservationExpired,
    ReservationIncremented,
    ReservationExtended,
    LotCreated,
    LotDepleted,
    LotExpired,
    LotUpdated,
    AssetCreated,
    AssetActivated,
    AssetDeactivated,
    AssetUpdated,
    PolicyCreated,
    PolicyUpdated,

    /// <summary>Nothing of the lot remains to be wagered.</summary>
    LotWageringCompleted,

    /// <summary>By the server, because deliveries failed for too long or the receiver said that it is gone.</summary>
    WebhookDisabled,
}
