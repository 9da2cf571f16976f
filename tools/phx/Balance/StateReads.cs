using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Tools.Balance;

/// <summary>Reads of a ledger that nobody else is using.</summary>
internal static unsafe class StateReads
{
    private const int FirstRoomBytes = 1 << 16;

    public static (WalletView Wallet, List<BalanceView> Balances) Wallet(LedgerCore ledger, uint tenant, ulong number)
    {
        var rows = Ask(ledger, new Command { Kind = CommandKind.ReadWallet, Tenant = tenant, Wallet = number });
        return (MemoryMarshal.Read<WalletView>(rows), Rows<BalanceView>(rows.AsSpan(sizeof(WalletView))));
    }

    /// <summary>Lots of one asset, in order of creation.</summary>
    public static List<LotView> Lots(LedgerCore ledger, uint tenant, ulong wallet, UInt128 asset) =>
        Rows<LotView>(Ask(ledger, new Command { Kind = CommandKind.ReadLots, Tenant = tenant, Wallet = wallet, AssetCode = asset }));

    /// <param name="number">Of a reservation that is open.</param>
    public static ReservationState Reservation(LedgerCore ledger, uint tenant, ulong number)
    {
        var rows = Ask(ledger, new Command { Kind = CommandKind.ReadReservation, Tenant = tenant, Subject = number });
        return new ReservationState(MemoryMarshal.Read<ReservationView>(rows), Rows<HeldLotView>(rows.AsSpan(sizeof(ReservationView))));
    }

    /// <summary>Rows that do not fit are left out, so the room grows until a row's worth of it stays empty.</summary>
    private static byte[] Ask(LedgerCore ledger, Command command)
    {
        for (var room = FirstRoomBytes; ; room *= 2)
        {
            var buffer = NativeMemory.AlignedAlloc((nuint)room, 16);
            try
            {
                var result = ledger.Answer(&command, (byte*)buffer, room, out var bytes);
                Invariant.That(result == LedgerResult.Accepted);
                if (room - bytes >= sizeof(LotView) + sizeof(BalanceView)) return new ReadOnlySpan<byte>(buffer, bytes).ToArray();
            }
            finally
            {
                NativeMemory.AlignedFree(buffer);
            }
        }
    }

    private static List<T> Rows<T>(Span<byte> bytes)
        where T : unmanaged => [.. MemoryMarshal.Cast<byte, T>(bytes)];
}
