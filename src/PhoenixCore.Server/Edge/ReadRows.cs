using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Server.Edge;

/// <summary>Takes the rows of a read apart.</summary>
public static class ReadRows
{
    /// <summary>The rows behind a head row (balances of a wallet, slices of a reservation).</summary>
    public static ReadOnlySpan<TRow> After<THead, TRow>(ReadOnlySpan<byte> payload)
        where THead : unmanaged
        where TRow : unmanaged => MemoryMarshal.Cast<byte, TRow>(payload[Unsafe.SizeOf<THead>()..]);

    public static ReadOnlySpan<TRow> All<TRow>(ReadOnlySpan<byte> payload)
        where TRow : unmanaged => MemoryMarshal.Cast<byte, TRow>(payload);

    internal static string? ImpliedAsset(CommandKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == CommandKind.ReadReservation)
        {
            var reservation = MemoryMarshal.Read<ReservationView>(payload);
            return reservation.Status == ReservationStatus.Pending ? AssetCode.Unpack(reservation.Asset) : null;
        }

        var wallet = MemoryMarshal.Read<WalletView>(payload);
        if (wallet.DefaultAsset != 0) return AssetCode.Unpack(wallet.DefaultAsset);
        var balances = After<WalletView, BalanceView>(payload);
        return balances.Length == 1 ? AssetCode.Unpack(balances[0].Asset) : null;
    }
}
