using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Server.Edge.History;

/// <summary>A question in numbers: says of a fact which of its parts and entries belong to the list.</summary>
internal sealed class HistoryFilter(HistoryQuestion question)
{
    private readonly byte[]? _reference = question.Reference is { } reference ? System.Text.Encoding.UTF8.GetBytes(reference) : null;

    public HistoryQuestion Question => question;

    public byte[]? Reference => _reference;

    /// <summary>0 = any.</summary>
    public ulong Wallet { get; init; }

    /// <summary>Handle; 0 = any.</summary>
    public int Asset { get; init; }

    /// <summary>0 = any.</summary>
    public ulong Lot { get; init; }

    public Int128 AmountMin { get; init; }

    public Int128 AmountMax { get; init; } = LedgerLimits.UnitsMax;

    /// <summary>Rows of the fact, as their places in it: 0 for the transaction itself, part by part, or entry by entry.</summary>
    public void AddRows(FactParts parts, List<int> rows)
    {
        var referenced = _reference is null;
        var (index, ordinal, found) = (0, 0, false);
        foreach (var part in parts)
        {
            referenced |= IsReferenced(part);
            if (question.List is HistoryList.Entries or HistoryList.Lots) AddEntries(part, ordinal, rows);
            else if (question.List == HistoryList.Transactions) found |= Takes(part);
            else if (IsOfList(part) && IsReferenced(part) && Takes(part)) rows.Add(index);
            index++;
            ordinal += 2 * part.Postings.Length;
        }

        if (found && referenced) rows.Add(0);
    }

    private bool IsReferenced(in FactPart part) => _reference is null || (Extras.TryFind(part.Extras, ExtraTag.Reference, out var reference) && reference.SequenceEqual(_reference));

    private bool IsOfList(in FactPart part) => question.List switch
    {
        HistoryList.Credits => part.Kind == PartKind.Credited,
        HistoryList.Transfers => part.Kind is PartKind.Transferred or PartKind.TransferredInto || part.CaptureDestination() != 0,
        HistoryList.Debits => part.Kind == PartKind.Debited,
        HistoryList.Reservations => part.Kind == PartKind.Reserved,
        HistoryList.Transactions or HistoryList.Entries or HistoryList.Lots => true,
    };

    private bool IsOfKind(PartKind kind) => question.Kinds.Count == 0 || question.Kinds.Contains(Plain(kind));

    /// <summary>The kind that callers mean: richer forms of an operation belong to its plain one.</summary>
    private static PartKind Plain(PartKind kind) => kind switch
    {
        PartKind.TransferredInto => PartKind.Transferred,
        PartKind.ReservationIncremented => PartKind.Reserved,
        PartKind.Captured => PartKind.Committed,
        PartKind.Returned => PartKind.Released,
        PartKind.ChangedReservationExpired => PartKind.ReservationExpired,
        PartKind.CreditReversed => PartKind.TransferReversed,
        _ => kind,
    };

    /// <summary>Whether the part touches what is asked for, with an amount in the range.</summary>
    private bool Takes(in FactPart part)
    {
        if (!IsOfKind(part.Kind)) return false;
        Int128 sum = 0;
        var touches = false;
        foreach (ref readonly var posting in part.Postings)
        {
            if (Asset != 0 && posting.Asset != Asset) continue;
            if (Wallet != 0 && posting.DebitWallet != Wallet && posting.CreditWallet != Wallet) continue;
            touches = true;
            sum += posting.Amount;
        }

        if (!touches) return false;
        if (part.Kind == PartKind.Committed) sum = part.Body<ReservationEndedBody>().Captured;
        if (part.Kind == PartKind.Captured) sum = part.Body<CapturedBody>().Change.Amount;
        return sum >= AmountMin && sum <= AmountMax;
    }

    private void AddEntries(in FactPart part, int ordinal, List<int> rows)
    {
        if (!IsOfKind(part.Kind) || !IsReferenced(part)) return;
        foreach (ref readonly var posting in part.Postings)
        {
            if ((Asset == 0 || posting.Asset == Asset) && posting.Amount >= AmountMin && posting.Amount <= AmountMax)
            {
                if (Takes(posting.DebitWallet, posting.DebitLot, isDebit: true, posting.Has(PostingFlags.DebitReserved))) rows.Add(ordinal);
                if (IsWantedLot(posting) && Takes(posting.CreditWallet, posting.CreditLot, isDebit: false, posting.Has(PostingFlags.CreditReserved))) rows.Add(ordinal + 1);
            }

            ordinal += 2;
        }
    }

    private bool IsWantedLot(in Posting posting) => question.List != HistoryList.Lots || posting.Has(PostingFlags.CreditLotCreated);

    private bool Takes(ulong wallet, ulong lot, bool isDebit, bool isReserved) =>
        (Wallet == 0 || wallet == Wallet)
        && (Lot == 0 || lot == Lot)
        && (question.IsDebit ?? isDebit) == isDebit
        && (question.IsReserved ?? isReserved) == isReserved;
}
