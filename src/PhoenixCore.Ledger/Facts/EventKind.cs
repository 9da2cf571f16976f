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
    ReservationCreated,
    ReservationCommitted,
    ReservationReleased,
    ReservationExpired,
    LotCreated,
    LotDepleted,
    LotExpired,
    AssetCreated,
    AssetActivated,
    AssetDeactivated,
}
