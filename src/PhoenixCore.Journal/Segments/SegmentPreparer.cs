using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal.Segments;

/// <summary>Keeps segments ready ahead of the writer, zero-written as long as the disk can bear it, one piece of work at a time.</summary>
/// <remarks>
/// <see cref="Step"/> runs on one thread; the rest is for any. Blocks are reserved in one go and then written with zeros past the page
/// cache: a sync into reserved blocks takes longer, and zeros through the cache come back as 20 ms stalls of the committer (ADR 0005).
/// A segment gets its name only when all of it is durable, so a named segment is always whole.
/// </remarks>
internal sealed unsafe class SegmentPreparer : IDisposable
{
    /// <summary>Bytes of one zero-write; the pacing between them is the caller's.</summary>
    public const int PieceBytes = 1 << 20;

    private readonly IJournalStorage _storage;
    private readonly JournalOptions _options;
    private readonly ConcurrentQueue<PreparedSegment> _ready = new();
    private readonly byte* _zeros = (byte*)NativeMemory.AlignedAlloc(PieceBytes, Page.Size);
    private ulong _nextNumber;
    private long _readyBytes;
    private long _wantedBytes;
    private volatile JournalIoException? _lastError;
    private IJournalFile? _making;
    private long _makingBytes;
    private long _written;

    public SegmentPreparer(IJournalStorage storage, JournalOptions options, ulong nextNumber)
    {
        _storage = storage;
        _options = options;
        _nextNumber = nextNumber;
        new Span<byte>(_zeros, PieceBytes).Clear();
    }

    /// <summary>Why the last attempt failed; null after a success. A full disk only means that <see cref="ReadyBytes"/> does not grow.</summary>
    public JournalIoException? LastError => _lastError;

    /// <summary>Room in ready segments that groups of any size will find for certain.</summary>
    public long ReadyBytes => Volatile.Read(ref _readyBytes);

    /// <summary>Room to keep ready; more than the fixed number of spares when the rate asks for it.</summary>
    public long WantedBytes
    {
        get => Volatile.Read(ref _wantedBytes);
        set => Volatile.Write(ref _wantedBytes, value);
    }

    /// <summary>False: what is begun is finished with the blocks as they were reserved. For the thread of <see cref="Step"/>.</summary>
    public bool WritesZeros { get; set; } = true;

    public bool HasWork => _making is not null || _ready.Count < _options.SparesAhead || ReadyBytes < WantedBytes;

    /// <summary>The size segment <paramref name="number"/> is prepared with.</summary>
    public static long SizeOf(ulong number, JournalOptions options)
    {
        long size = options.SegmentBytesMin;
        for (var n = 1UL; n < number && size < options.SegmentBytesMax; n++)
            size *= 2;
        return Math.Min(size, options.SegmentBytesMax);
    }

    /// <summary>Room in a segment, less what the last group that does not fit any more leaves unused.</summary>
    public static long CertainRoom(long freeBytes, JournalOptions options) =>
        freeBytes < options.GroupBytesMax ? 0 : freeBytes - options.GroupBytesMax + Page.Size;

    /// <summary>Takes over a spare that an earlier process had prepared.</summary>
    public void Adopt(ulong number, long bytes)
    {
        Invariant.That(number == _nextNumber);
        Publish(bytes);
    }

    /// <summary>Takes the next ready segment.</summary>
    public bool TryTake(out PreparedSegment? segment)
    {
        if (!_ready.TryDequeue(out segment))
            return false;
        Interlocked.Add(ref _readyBytes, -CertainRoom(segment.Bytes - Page.Size, _options));
        return true;
    }

    /// <summary>Does one piece of work.</summary>
    /// <returns>False when there is none, or when the system refused (<see cref="LastError"/>): try again after a pause.</returns>
    public bool Step()
    {
        try
        {
            if (_making is null)
                return HasWork && Begin();
            if (_written < _makingBytes && !MayLeaveTheRest)
                WritePiece();
            else
                Complete();
            return true;
        }
        catch (JournalIoException error)
        {
            _lastError = error;
            Abandon();
            return false;
        }
    }

    /// <summary>Removes what was prepared for a rate that is over: the next opening would have to read it all. The last goes first.</summary>
    public void Trim()
    {
        try
        {
            var spares = _ready.ToArray();
            for (var i = spares.Length - 1; i >= _options.SparesAhead; i--)
                _storage.Delete(FileNames.Segment(spares[i].Number));
        }
        catch (JournalIoException)
        {
            // What stays is a spare as good as any.
        }
    }

    public void Dispose()
    {
        _making?.Dispose();
        _making = null;
        while (_ready.TryDequeue(out var segment))
            segment.Dispose();
        NativeMemory.AlignedFree(_zeros);
    }

    private bool Begin()
    {
        _makingBytes = SizeOf(_nextNumber, _options);
        _making = _storage.Open(FileNames.Segment(_nextNumber) + FileNames.Unfinished, JournalFileMode.CreateDirect);
        _making.Reserve(_makingBytes);
        WriteHeader(_making);
        return true;
    }

    private void WriteHeader(IJournalFile file)
    {
        SegmentHeader.Write(_zeros, _options.ShardId, _nextNumber, _makingBytes);
        try
        {
            file.Write(0, _zeros, Page.Size);
        }
        finally
        {
            new Span<byte>(_zeros, Page.Size).Clear();
        }
        _written = Page.Size;
    }

    /// <summary>A mapping is written page by page, and each would be a first write; a file system that could not reserve has made no blocks yet.</summary>
    private bool MayLeaveTheRest => !WritesZeros && _options.Writer == WriterKind.Pwrite && _making!.Length >= _makingBytes;

    private void WritePiece()
    {
        var bytes = (int)Math.Min(PieceBytes, _makingBytes - _written);
        _making!.Write(_written, _zeros, bytes);
        _written += bytes;
    }

    private void Complete()
    {
        _making!.Sync();
        _making.Dispose();
        _making = null;
        _storage.Rename(FileNames.Segment(_nextNumber) + FileNames.Unfinished, FileNames.Segment(_nextNumber));
        _storage.SyncDirectory();
        Publish(_makingBytes);
        _lastError = null;
    }

    private void Publish(long bytes)
    {
        var file = _storage.Open(FileNames.Segment(_nextNumber), _options.Writer == WriterKind.Pwrite ? JournalFileMode.ReadWriteDirect : JournalFileMode.ReadWrite);
        var mapping = _options.Writer == WriterKind.Mapped ? file.Map(bytes, writable: true) : null;
        _ready.Enqueue(new PreparedSegment(_nextNumber, bytes, file, mapping));
        Interlocked.Add(ref _readyBytes, CertainRoom(bytes - Page.Size, _options));
        _nextNumber++;
    }

    /// <summary>What was begun is worthless after an error, above all its space.</summary>
    private void Abandon()
    {
        var begun = _making;
        _making = null;
        if (begun is null)
            return;
        begun.Dispose();
        try
        {
            _storage.Delete(begun.Name);
        }
        catch (JournalIoException)
        {
            // The next attempt replaces the file.
        }
    }
}
