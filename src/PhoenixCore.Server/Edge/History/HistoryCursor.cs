using System.Globalization;
using System.Text;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Where a list goes on: the place of the last row, as an id that only this tenant can have got, and a mark of the question it was given out for.</summary>
internal static class HistoryCursor
{
    private const char Between = '.';
    private const int MarkLength = 8;

    /// <param name="place">Sequence and place of the last row that was shown or passed over.</param>
    public static string Format(TenantContext tenant, HistoryFilter filter, ulong place) => tenant.Ids.Format(IdKind.Entry, place) + Between + MarkOf(tenant, filter);

    /// <exception cref="HistoryRefusedException">It is none of ours, or of another list.</exception>
    public static ulong Parse(TenantContext tenant, HistoryFilter filter, string cursor)
    {
        if (cursor.Length == PublicIds.IdLength + 1 + MarkLength
            && cursor[PublicIds.IdLength] == Between
            && tenant.Ids.TryParse(IdKind.Entry, cursor[..PublicIds.IdLength], out var place)
            && cursor.AsSpan(PublicIds.IdLength + 1).SequenceEqual(MarkOf(tenant, filter))) return place;
        throw HistoryRefusedException.BadCursor();
    }

    /// <summary>A hash over everything that decides which rows a list has; how many a page shows is not in it.</summary>
    private static string MarkOf(TenantContext tenant, HistoryFilter filter)
    {
        var question = filter.Question;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{question.List}|{filter.Wallet}|{filter.Lot}|{filter.Asset}|{string.Join(',', question.Kinds)}|{question.From}|{question.To}|{filter.AmountMin}|{filter.AmountMax}|{question.IsDebit}|{question.IsReserved}|{question.Status}|{question.Reference}{question.Mark}");
        return (tenant.Hash(Encoding.UTF8.GetBytes(text)).Lo & uint.MaxValue).ToString("x8", CultureInfo.InvariantCulture);
    }
}
