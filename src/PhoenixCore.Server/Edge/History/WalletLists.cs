using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Lists of wallets in the order of creation. Any thread.</summary>
internal sealed class WalletLists(StateReads reads)
{
    /// <summary>Wallets that one page looks at; what it has found by then is the page.</summary>
    public const int PageWalletsMax = 2_000;

    /// <param name="after">Number of the wallet that the page before ended with; 0 = from the first.</param>
    /// <returns>The rows, and the number that the next page goes on behind; 0 = there is none.</returns>
    /// <exception cref="HistoryRefusedException">There is no such wallet to go on behind.</exception>
    public async ValueTask<(List<WalletView> Rows, ulong Next)> ListAsync(TenantContext tenant, WalletFilter filter, ulong after, int limit, CancellationToken ct)
    {
        var rows = new List<WalletView>();
        var flags = filter.IncludeSystem ? CommandFlags.IncludeSystem : CommandFlags.None;
        for (var looked = 0; looked < PageWalletsMax;)
        {
            var (result, found) = await reads.AskAsync(tenant, new StateQuestion(CommandKind.ListWallets, Number: after, Subject: LedgerLimits.ListRowsMax, Flags: flags), ct).ConfigureAwait(false);
            if (result != LedgerResult.Accepted) throw HistoryRefusedException.BadCursor();
            var views = ReadRows.All<WalletView>(found);
            foreach (ref readonly var view in views)
            {
                if (Fits(tenant, filter, view))
                {
                    if (rows.Count == limit) return (rows, rows[^1].Number);
                    rows.Add(view);
                }

                after = view.Number;
            }

            if (views.Length < LedgerLimits.ListRowsMax) return (rows, 0);
            looked += views.Length;
        }

        return (rows, after);
    }

    public bool Fits(TenantContext tenant, WalletFilter filter, in WalletView view)
    {
        if (filter.Status is { } status && view.Status != status) return false;
        if (filter.HolderId is not { } wanted) return true;
        return Extras.TryFind(reads.TextsOfWallet(tenant, Numbers.SequenceOf(view.Number), view.Number), ExtraTag.HolderId, out var holder) && Encoding.UTF8.GetString(holder) == wanted;
    }
}
