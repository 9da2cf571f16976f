using PhoenixCore.Journal.SideIndex;

namespace PhoenixCore.Journal.Segments;

/// <summary>What readers know of one segment. The committer moves the durable end; any thread reads.</summary>
internal sealed class SegmentEntry(ulong number, long validEnd, SegmentDirectory? directory)
{
    private long _validEnd = validEnd;
    private ulong _lastSequence;
    private long _lastStampedAt;
    private volatile bool _sealed;
    private volatile SegmentDirectory? _directory = directory;
    private volatile SegmentIndex? _index;
    private volatile bool _hasIndexFile;

    public ulong Number { get; } = number;

    /// <summary>Of the first record; set before the segment is reachable for readers.</summary>
    public ulong FirstSequence { get; private set; }

    /// <summary>Ledger time of the first record; 0 before there is one.</summary>
    public long FirstStampedAt { get; private set; }

    /// <summary>Byte behind the last durable group.</summary>
    public long ValidEnd => Volatile.Read(ref _validEnd);

    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    public long LastStampedAt => Volatile.Read(ref _lastStampedAt);

    /// <summary>Nothing will be added any more.</summary>
    public bool IsSealed
    {
        get => _sealed;
        set => _sealed = value;
    }

    /// <summary>Marks in memory: of the active segment, and of sealed ones until their side index is there.</summary>
    public SegmentDirectory? Directory
    {
        get => _directory;
        set => _directory = value;
    }

    /// <summary>Whether a side index has been made; it may not be open yet.</summary>
    public bool HasIndexFile
    {
        get => _hasIndexFile;
        set => _hasIndexFile = value;
    }

    /// <summary>The side index once it is open.</summary>
    public SegmentIndex? Index
    {
        get => _index;
        set => _index = value;
    }

    /// <summary>Says which sequence comes first, before any record is there.</summary>
    public void Begin(ulong firstSequence)
    {
        FirstSequence = firstSequence;
        _lastSequence = firstSequence - 1;
    }

    /// <summary>A group has become durable.</summary>
    public void Extend(long validEnd, ulong lastSequence, long firstStampedAt, long lastStampedAt)
    {
        if (FirstStampedAt == 0)
            FirstStampedAt = firstStampedAt;
        Volatile.Write(ref _lastStampedAt, lastStampedAt);
        Volatile.Write(ref _lastSequence, lastSequence);
        Volatile.Write(ref _validEnd, validEnd);
    }

    public SegmentInfo Describe() =>
        new(Number, FirstSequence, LastSequence, FirstStampedAt, LastStampedAt, ValidEnd, HasIndexFile);
}
