using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Shard;
using PhoenixCore.Shard.History;
using PhoenixCore.Shard.History.Search;

namespace PhoenixCore.Server.Events;

/// <summary>A tenant's events in order, read from the durable journal: there is no second store to keep in step, and no writer to slow down. One thread at a time.</summary>
public sealed unsafe class EventReader : IDisposable
{
    /// <summary>Facts that finding the start may look at.</summary>
    private const int SearchFactsMax = 1_000_000;

    private readonly LedgerShard _shard;
    private readonly uint _tenant;
    private readonly HeldFact _fact = new();
    private readonly List<FactEvent> _events = [];
    private readonly List<LedgerEvent> _found = [];
    private JournalCursor _cursor;
    private int _next;

    /// <param name="from">Number of the first event wanted. Past the last one: what comes.</param>
    /// <exception cref="SequenceTooOldException">It is no longer here.</exception>
    public EventReader(LedgerShard shard, uint tenant, ulong from)
    {
        _shard = shard;
        _tenant = tenant;
        from = Math.Max(1, from);
        Next = from;
        _cursor = shard.History.OpenCursor(SequenceOf(from));
    }

    /// <summary>Number of the event that comes next.</summary>
    public ulong Next { get; private set; }

    /// <summary>Of the last event that <see cref="TryRead"/> gave; valid until its next call.</summary>
    public FactParts Fact => _fact.Parts;

    public ReadOnlySpan<byte> FactBytes => _fact.Bytes;

    /// <summary>The next durable event.</summary>
    /// <returns>False when there is none yet.</returns>
    /// <exception cref="RecordDamagedException">The journal is damaged there.</exception>
    public bool TryRead(out LedgerEvent found)
    {
        while (_next == _found.Count)
        {
            if (!_cursor.MoveNext())
            {
                found = default;
                return false;
            }

            if (_cursor.Header.Tenant == _tenant) Load();
        }

        found = _found[_next++];
        Next = found.Number + 1;
        return true;
    }

    public void Dispose() => _cursor.Dispose();

    /// <summary>Where the tenant's stream begins here.</summary>
    public static ulong OldestOf(LedgerShard shard, uint tenant)
    {
        if (shard.History.FirstSequence <= 1) return 1;
        using var cursor = shard.History.OpenCursor(shard.History.FirstSequence);
        while (cursor.MoveNext())
        {
            if (cursor.Header.Tenant != tenant) continue;
            fixed (byte* payload = cursor.Payload) return ((FactHeader*)payload)->EventFirst;
        }

        return 1;
    }

    private ulong SequenceOf(ulong from)
    {
        try
        {
            var sequence = new EventSearch(new ReadBudget(_shard.History, SearchFactsMax)).Find(_tenant, from);
            if (sequence > 0) return sequence;
        }
        catch (HistoryArchivedException)
        {
            throw new SequenceTooOldException(OldestOf(_shard, _tenant));
        }

        var oldest = OldestOf(_shard, _tenant);
        return from < oldest ? throw new SequenceTooOldException(oldest) : _shard.History.FirstSequence;
    }

    private void Load()
    {
        _found.Clear();
        _next = 0;
        if (!_fact.TryRead(_shard.History, _cursor.Header.Sequence)) throw new InvariantBrokenException("a durable fact cannot be read again");
        var number = _fact.EventFirst;
        var index = 0;
        foreach (var part in _fact.Parts)
        {
            _events.Clear();
            FactEvents.AddTo(_events, part);
            foreach (var made in _events)
            {
                var (wallet, other) = WalletsOf(made, part);
                if (number >= Next) _found.Add(new LedgerEvent(made.Kind, number, index, made.Posting, wallet, other, _fact.Context));
                number++;
            }

            index++;
        }

        if (number != _fact.EventFirst + _fact.EventCount) throw new InvariantBrokenException("a fact does not make the events that it counted");
    }

    private static (ulong Wallet, ulong Other) WalletsOf(FactEvent made, in FactPart part)
    {
        var postings = part.Postings;
        return made.Kind switch
        {
            EventKind.WalletCreated => (part.Body<WalletCreatedBody>().Number, 0),
            EventKind.WalletUpdated when part.Kind == PartKind.BoundsSet => (part.Body<BoundsSetBody>().Wallet, 0),
            EventKind.WalletUpdated when part.Kind == PartKind.WalletUpdated => (part.Body<WalletUpdatedBody>().Number, 0),
            EventKind.WalletUpdated => (part.Body<PoliciesBoundBody>().Number, 0),
            EventKind.WalletFrozen or EventKind.WalletUnfrozen or EventKind.WalletClosed => (part.Body<WalletStatusSetBody>().Number, 0),
            EventKind.WalletCredited => (Receiver(part), 0),
            EventKind.TransferCompleted => (postings[0].DebitWallet, Receiver(part)),
            EventKind.ReservationCommitted or EventKind.ReservationPartiallyCommitted => (postings[0].DebitWallet, part.CaptureDestination()),
            EventKind.ReservationIncremented or EventKind.ReservationExtended => (part.Body<ReservationChangedBody>().Wallet, 0),
            EventKind.LotUpdated => (part.Body<LotUpdatedBody>().Wallet, 0),
            EventKind.CreditReversed => (part.Body<ReversedBody>().Wallet, 0),
            EventKind.TransferReversed => (part.Body<ReversedBody>().Wallet, part.Body<ReversedBody>().Other),
            EventKind.LotCreated => (postings[made.Posting].CreditWallet, 0),
            EventKind.LotDepleted => (postings[made.Posting].DebitWallet, 0),
            EventKind.LotExpired => (part.Body<LotExpiredBody>().Wallet, 0),
            EventKind.AssetCreated or EventKind.AssetActivated or EventKind.AssetDeactivated or EventKind.AssetUpdated or EventKind.PolicyCreated or EventKind.PolicyUpdated or EventKind.WebhookDisabled => (0, 0),
            EventKind.LotWageringCompleted or EventKind.WalletDebited or EventKind.DebitCompleted or EventKind.ReservationCreated or EventKind.ReservationReleased or EventKind.ReservationPartiallyReleased or EventKind.ReservationExpired => (postings[0].DebitWallet, 0),
        };
    }

    private static ulong Receiver(in FactPart part) => part.Kind switch
    {
        PartKind.Committed or PartKind.Captured => part.CaptureDestination(),
        PartKind.TransferReversed => part.Body<ReversedBody>().Other,
        _ => part.Postings[0].CreditWallet,
    };
}
