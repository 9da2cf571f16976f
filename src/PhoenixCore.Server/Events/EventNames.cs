using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Server.Events;

/// <summary>The names of events as consumers see them.</summary>
public static class EventNames
{
    /// <summary>Stands for every type in filters.</summary>
    public const string All = "*";

    public const string Heartbeat = "heartbeat";

    private static readonly Dictionary<string, EventKind> ByName = Enum.GetValues<EventKind>().ToDictionary(Of, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Known => ByName.Keys;

    public static EventKind? Find(string name) => ByName.TryGetValue(name, out var kind) ? kind : null;

    public static string Of(EventKind kind) => kind switch
    {
        EventKind.WalletCreated => "wallet.created",
        EventKind.WalletUpdated => "wallet.updated",
        EventKind.WalletFrozen => "wallet.frozen",
        EventKind.WalletUnfrozen => "wallet.unfrozen",
        EventKind.WalletClosed => "wallet.closed",
        EventKind.WalletCredited => "wallet.credited",
        EventKind.WalletDebited => "wallet.debited",
        EventKind.TransferCompleted => "transfer.completed",
        EventKind.DebitCompleted => "debit.completed",
        EventKind.ReservationCreated => "reservation.created",
        EventKind.ReservationCommitted => "reservation.committed",
        EventKind.ReservationPartiallyCommitted => "reservation.partially_committed",
        EventKind.ReservationPartiallyReleased => "reservation.partially_released",
        EventKind.ReservationIncremented => "reservation.incremented",
        EventKind.ReservationExtended => "reservation.extended",
        EventKind.LotUpdated => "lot.updated",
        EventKind.CreditReversed => "credit.reversed",
        EventKind.TransferReversed => "transfer.reversed",
        EventKind.ReservationReleased => "reservation.released",
        EventKind.ReservationExpired => "reservation.expired",
        EventKind.LotCreated => "lot.created",
        EventKind.LotDepleted => "lot.depleted",
        EventKind.LotExpired => "lot.expired",
        EventKind.AssetCreated => "asset.created",
        EventKind.AssetActivated => "asset.activated",
        EventKind.AssetDeactivated => "asset.deactivated",
        EventKind.AssetUpdated => "asset.updated",
        EventKind.PolicyCreated => "policy.created",
        EventKind.PolicyUpdated => "policy.updated",
        EventKind.LotWageringCompleted => "lot.wagering_completed",
        EventKind.WebhookDisabled => "webhook.disabled",
    };
}
