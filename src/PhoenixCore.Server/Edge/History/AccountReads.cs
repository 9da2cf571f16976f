using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard.History;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Asks the live state where histories begin. Any thread.</summary>
internal sealed class AccountReads(StateReads reads, AssetDirectory assets)
{
    private const int RoomFirst = 65_536;
    private const int RoomMost = 16 << 20;

    /// <summary>Null when the tenant has no such wallet.</summary>
    /// <param name="name">Id or external id; null = the number counts.</param>
    public async ValueTask<WalletAccounts?> FindAsync(TenantContext tenant, string? name, ulong number, CancellationToken ct)
    {
        for (var room = RoomFirst; ; room *= 4)
        {
            var (result, rows, sequence, stamp) = await reads.AskWhenAsync(tenant, new StateQuestion(CommandKind.ReadWallet, name, number, Room: room), ct).ConfigureAwait(false);
            if (result != LedgerResult.Accepted) return null;
            if (rows.Length + Unsafe.SizeOf<BalanceView>() > room && room < RoomMost) continue; // rows that do not fit are left out
            var balances = ReadRows.After<WalletView, BalanceView>(rows).ToArray();
            var wallet = MemoryMarshal.Read<WalletView>(rows);
            return new WalletAccounts(wallet, balances, await HeadsOfAsync(tenant, wallet.Number, balances, ct).ConfigureAwait(false), sequence, stamp);
        }
    }

    /// <summary>The number of the tenant's next event, and the tenant's first fact, which made its system wallets.</summary>
    public async ValueTask<TenantView> TenantAsync(TenantContext tenant, CancellationToken ct)
    {
        var (result, rows) = await reads.AskAsync(tenant, new StateQuestion(CommandKind.ReadTenant), ct).ConfigureAwait(false);
        return result == LedgerResult.Accepted ? MemoryMarshal.Read<TenantView>(rows) : throw HistoryRefusedException.Of(result);
    }

    /// <summary>A reservation that is pending; null when it has ended or never was.</summary>
    public async ValueTask<LiveReservation?> PendingAsync(TenantContext tenant, ulong reservation, CancellationToken ct)
    {
        var (result, rows) = await reads.AskAsync(tenant, new StateQuestion(CommandKind.ReadReservation, Subject: reservation), ct).ConfigureAwait(false);
        if (result != LedgerResult.Accepted || MemoryMarshal.Read<ReservationView>(rows) is not { Status: ReservationStatus.Pending } view) return null;
        return new LiveReservation(view, ReadRows.After<ReservationView, HeldLotView>(rows).ToArray());
    }

    /// <summary>A lot that holds something; null when the live state has none with this number.</summary>
    public async ValueTask<LotView?> LotAsync(TenantContext tenant, ulong wallet, string asset, ulong lot, CancellationToken ct)
    {
        var question = new StateQuestion(CommandKind.ReadLots, Number: wallet, After: lot - 1, Asset: AssetCode.Pack(System.Text.Encoding.ASCII.GetBytes(asset)), Room: Unsafe.SizeOf<LotView>());
        var (result, rows) = await reads.AskAsync(tenant, question, ct).ConfigureAwait(false);
        return result == LedgerResult.Accepted && ReadRows.All<LotView>(rows) is [var view] && view.Number == lot ? view : null;
    }

    private async ValueTask<AccountHead[]> HeadsOfAsync(TenantContext tenant, ulong wallet, BalanceView[] balances, CancellationToken ct)
    {
        var heads = new AccountHead[balances.Length];
        for (var i = 0; i < heads.Length; i++)
        {
            var asset = await assets.FindAsync(tenant, AssetCode.Unpack(balances[i].Asset), ct).ConfigureAwait(false) ?? throw new InvariantBrokenException("an account's asset is not there");
            heads[i] = new AccountHead(new AccountName(wallet, asset.Handle), balances[i].LastEntry);
        }

        return heads;
    }
}
