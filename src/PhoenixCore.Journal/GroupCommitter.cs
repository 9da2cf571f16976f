using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.KeyIndex;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.Slots;
using PhoenixCore.Journal.Writers;

namespace PhoenixCore.Journal;

/// <summary>Writes groups, one in flight at a time. One thread; allocates nothing.</summary>
internal sealed unsafe class GroupCommitter : IDisposable
{
    private readonly JournalOptions _options;
    private readonly SegmentCatalog _catalog;
    private readonly SegmentPreparer _preparer;
    private readonly SegmentSealer _sealer;
    private readonly ControlFile _control;
    private readonly DurableEnd _end;
    private readonly KeyFeed? _keys;
    private readonly RecentGroups? _recent;
    private readonly JournalMeters _meters;
    private readonly GroupComposer _composer;
    private readonly IGroupWriter _writer;
    private readonly GroupBuffer _empty = new(Page.Size);
    private PreparedSegment? _active;
    private long _tail;
    private long _activeRoom;
    private long _writtenBytes;
    private ulong _group;
    private ulong _epoch;
    private ulong _sequence;
    private long _stampedAt;
    private bool _unattested;
    private ulong _idleGroup;
    private long _idleSince;
    private volatile JournalIoException? _fence;

    public GroupCommitter(JournalOptions options, RecoveryReport report, ulong lastGroup, SegmentCatalog catalog, SegmentPreparer preparer, SegmentSealer sealer, ControlFile control, DurableEnd end, KeyFeed? keys, RecentGroups? recent, JournalMeters meters)
    {
        _recent = recent;
        _options = options;
        _catalog = catalog;
        _preparer = preparer;
        _sealer = sealer;
        _control = control;
        _end = end;
        _keys = keys;
        _meters = meters;
        _group = lastGroup;
        _epoch = report.Epoch;
        _sequence = report.LastSequence;
        _stampedAt = report.LastStampedAt;
        var chain = report.LastSequence == 0 ? RecordChain.Genesis(options.ShardId) : report.Chain;
        _composer = new GroupComposer(new RecordChain(chain));
        _writer = options.Writer == WriterKind.Mapped ? new MappedGroupWriter() : new PwriteGroupWriter();
    }

    public JournalPosition Position => new(_sequence, _composer.Chain.Value);

    public JournalIoException? Fence => _fence;

    /// <summary>Of the last record, or of what is written next.</summary>
    public ulong Epoch => _epoch;

    /// <summary>What is composed from now on belongs to this epoch.</summary>
    public void Lead(ulong epoch) => _epoch = epoch;

    public long ReadyBytes => Volatile.Read(ref _activeRoom) + _preparer.ReadyBytes;

    /// <summary>Framed bytes since opening, for the rate at which segments are prepared. Any thread.</summary>
    public long WrittenBytes => Volatile.Read(ref _writtenBytes);

    public void CommitRun(GroupBuffer group)
    {
        ThrowIfFenced();
        Invariant.That(group.Count > 0 && group.FirstSequence == _sequence + 1);
        var place = Place(GroupHeader.Framed(group.Used), group.FirstSequence);
        var first = FirstStamp(group);
        var framed = _composer.ComposeRun(group, place, _active!.Entry.Directory!);
        Put(group, framed, first);
    }

    public void CommitReceived(GroupBuffer group, ChainValue chainAfter)
    {
        ThrowIfFenced();
        Invariant.That(group.Count > 0);
        var before = _composer.Chain.Value;
        if (group.FirstSequence != _sequence + 1)
            throw new JournalDivergedException(group.FirstSequence, before, chainAfter, $"do not follow sequence {_sequence}");
        var place = Place(GroupHeader.Framed(group.Used), group.FirstSequence);
        if (!GroupVerifier.TryFollow(group, _composer.Chain, ref place, _active!.Entry.Directory!))
            throw new JournalDivergedException(group.FirstSequence, before, chainAfter, "are damaged or out of order");
        if (_composer.Chain.Value != chainAfter)
        {
            var here = _composer.Chain.Value;
            _composer.Chain.Restart(before);
            _active.Entry.Directory!.Withdraw();
            throw new JournalDivergedException(group.FirstSequence, here, chainAfter, "differ from those the sender has");
        }
        _epoch = place.Epoch;
        Put(group, GroupComposer.ComposeVerified(group, place, before, chainAfter), FirstStamp(group));
    }

    public void SealIfIdle(long nowMilliseconds)
    {
        if (!_unattested || _fence is not null)
            return;
        if (_idleGroup != _group)
        {
            (_idleGroup, _idleSince) = (_group, nowMilliseconds);
            return;
        }
        if (nowMilliseconds - _idleSince >= _options.SealAfterMilliseconds)
            Seal();
    }

    /// <summary>Attests the last group, unless something is wrong; then the next opening finds out.</summary>
    public void Dispose()
    {
        try
        {
            if (_unattested && _fence is null)
                Seal();
        }
        catch (IOException)
        {
            // The group it would have attested is durable and answered; only its attestation is missing.
        }
        finally
        {
            _active?.Dispose();
            _composer.Dispose();
            _control.Dispose();
            _empty.Dispose();
        }
    }

    private void Seal()
    {
        if (ReadyBytes < Page.Size)
            return;
        _empty.Clear();
        var place = Place(Page.Size, _sequence + 1);
        Put(_empty, _composer.ComposeSeal(_empty, place), _stampedAt);
    }

    /// <summary>Finds room and says where the next group goes.</summary>
    private GroupHeader Place(int framed, ulong firstSequence)
    {
        Invariant.That(framed <= _options.GroupBytesMax);
        if (_active is null || _tail + framed > _active.Bytes)
            Roll(framed, firstSequence);
        return new GroupHeader
        {
            Shard = _options.ShardId,
            Segment = _active!.Number,
            Offset = _tail,
            Group = _group + 1,
            Epoch = _epoch,
            FirstSequence = firstSequence,
            StampedAt = _stampedAt,
            DurableGroup = _group,
            DurableSequence = _sequence,
        };
    }

    private void Roll(int framed, ulong firstSequence)
    {
        if (!_preparer.TryTake(out var next))
            throw new JournalFullException(framed, ReadyBytes);
        if (_active is not null)
        {
            _active.Entry.IsSealed = true;
            _sealer.Leave(_active);
        }
        _active = next!;
        _active.Entry.Begin(firstSequence);
        _catalog.Add(_active.Entry);
        _tail = Page.Size;
        MoveRoom();
    }

    private void Put(GroupBuffer group, int framed, long firstStamp)
    {
        try
        {
            var started = Ticks.Now;
            _writer.Write(_active!, _tail, group.Memory, framed);
            _meters.Flush.Observe(Ticks.Now - started);
            _group++;
            _sequence += (ulong)group.Count;
            _control.Witness(_group, _sequence, _composer.Chain.Value, _epoch);
        }
        catch (JournalIoException error)
        {
            _fence = error;
            throw;
        }
        var header = (GroupHeader*)group.Memory;
        _tail += framed;
        _stampedAt = header->StampedAt;
        _unattested = group.Count != 0;
        if (_unattested)
            _meters.GroupRecords.Observe(group.Count);
        _active!.Entry.Directory!.Publish();
        _active.Entry.Extend(_tail, _sequence, group.Count != 0 ? firstStamp : 0, _stampedAt);
        _keys?.Offer(group, _stampedAt);
        _recent?.Keep(_active.Number, _tail - framed, group.Memory, framed);
        _end.Sequence = _sequence;
        Volatile.Write(ref _writtenBytes, _writtenBytes + framed);
        MoveRoom();
    }

    private void MoveRoom() => Volatile.Write(ref _activeRoom, SegmentPreparer.CertainRoom(_active!.Bytes - _tail, _options));

    private void ThrowIfFenced()
    {
        if (_fence is { } error)
            throw new JournalIoException(error);
    }

    private static long FirstStamp(GroupBuffer group) => ((RecordHeader*)group.RecordsStart)->StampedAt;
}
