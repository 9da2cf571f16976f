using PhoenixCore.Ledger.Reads;
using PhoenixCore.Tools.Names;

namespace PhoenixCore.Tools.Balance;

/// <summary>A wallet as of a fact: its holdings, lots and open reservations.</summary>
/// <param name="Sequence">The last fact that counts.</param>
/// <param name="Stamp">That fact's time, unix nanoseconds.</param>
internal sealed record WalletState(
    TenantEntry Tenant,
    string ExternalId,
    ulong Sequence,
    long Stamp,
    WalletView Wallet,
    IReadOnlyList<BalanceView> Balances,
    IReadOnlyList<LotView> Lots,
    IReadOnlyList<ReservationState> Reservations);
