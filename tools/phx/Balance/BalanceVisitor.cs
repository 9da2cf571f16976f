using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Shard.Recovery;
using PhoenixCore.Tools.Names;

namespace PhoenixCore.Tools.Balance;

/// <summary>Replays the facts up to a sequence and a time, and remembers which reservations of the wallet are open.</summary>
/// <remarks>The rest of the journal still passes, unapplied: a balance out of a damaged journal is not shown as if it were sound.</remarks>
internal sealed unsafe class BalanceVisitor(LedgerCore ledger, BalanceOptions options, JournalNames names, WalletQuery query) : IRecordVisitor
{
    private readonly ulong _last = options.Sequence == 0 ? ulong.MaxValue : options.Sequence;
    private readonly ReplayVisitor _replay = new(ledger);
    private readonly SortedSet<ulong> _reservations = [];

    /// <summary>Numbers of the wallet's open reservations, oldest first.</summary>
    public IReadOnlyCollection<ulong> Reservations => _reservations;

    public void VisitRun(byte* records, int bytes, int count)
    {
        var record = records;
        var taken = 0;
        while (taken < count && ((RecordHeader*)record)->Sequence <= _last && ((RecordHeader*)record)->StampedAt <= options.At)
        {
            var header = (RecordHeader*)record;
            var payload = record + RecordHeader.Size;
            names.Learn(new FactContext(header->Sequence, header->StampedAt, header->Tenant), payload);
            Watch(payload);
            record += header->Length;
            taken++;
        }

        if (taken > 0) _replay.VisitRun(records, (int)(record - records), taken);
    }

    private void Watch(byte* payload)
    {
        foreach (var part in new FactParts(payload))
        {
            if (part.Kind == PartKind.Reserved && query.Is(part.Body<ReservedBody>().Wallet)) _reservations.Add(part.Body<ReservedBody>().Number);
            else if (part.Kind is PartKind.Committed or PartKind.Released or PartKind.ReservationExpired) _reservations.Remove(part.Body<ReservationEndedBody>().Number);
            else if (part.Kind is PartKind.Captured && part.Body<CapturedBody>().Change.Held == 0) _reservations.Remove(part.Body<CapturedBody>().Change.Number);
            else if (part.Kind is PartKind.Returned or PartKind.ChangedReservationExpired && part.Body<ReservationChangedBody>().Held == 0) _reservations.Remove(part.Body<ReservationChangedBody>().Number);
        }
    }
}
