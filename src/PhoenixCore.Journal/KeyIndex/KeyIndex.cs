namespace PhoenixCore.Journal.KeyIndex;

/// <summary>All idempotency keys of the journal: tails in memory, sorted runs on disk with their filters in memory (ADR 0013).</summary>
/// <remarks>Searches on any thread; they feed the index themselves when it is behind what they need. The rest of the work is done in steps by one
/// thread of the journal's. Nothing here is ever needed to open the journal: what is missing or damaged is made again from the segments.</remarks>
internal sealed class KeyIndex : IDisposable
{
    public const int TailKeysMin = 512;

    /// <summary>Tails that may wait to become runs before whoever feeds the index has to write one.</summary>
    private const int TailsMax = 4;

    /// <summary>Tails that may wait while the disk refuses.</summary>
    private const int TailsRefusedMax = 64;

    private readonly IJournalStorage _storage;
    private readonly JournalOptions _options;
    private readonly IRecordIndexer _indexer;
    private readonly JournalReader _reader;
    private readonly KeyShelf _shelf;
    private readonly KeyFeeder _feeder;
    private readonly Lock _feeding = new();
    private readonly Lock _writing = new();
    private KeyMerge? _merge;
    private KeyRow[] _sorted = []; // of the tail that becomes a run

    public KeyIndex(IJournalStorage storage, JournalOptions options, IRecordIndexer indexer, JournalReader reader, RecoveryReport found, Action<OperatorNote>? log)
    {
        (_storage, _options, _indexer, _reader) = (storage, options, indexer, reader);
        Feed = new KeyFeed(indexer, found.LastSequence, options.KeysPerRun);
        var floor = Math.Max(1, reader.FirstSequence);
        if (options.KeyRetention is { } retention && reader.TryFindSequenceAt(found.LastStampedAt - Nanoseconds(retention), out var old))
            floor = Math.Max(floor, old + 1);
        _shelf = KeyShelf.Open(storage, options.ShardId, floor, found.LastSequence, found.LastStampedAt, reader.ChecksumOf, log);
        _feeder = new KeyFeeder(Feed, _shelf, reader, indexer, options.KeysPerRun);
        Through = View(view => view.Through);
        if (Through + (ulong)options.KeysPerRun < found.LastSequence)
            log?.Invoke(JournalNotes.KeysIndexedAgain($"journal: keys of the records behind {Through} are indexed again, in the background."));
    }

    /// <summary>Where the committer leaves keys.</summary>
    public KeyFeed Feed { get; }

    /// <summary>Every key of the records up to this one was here when the journal was opened.</summary>
    private ulong Through { get; }

    public KeyIndexState State => View(view => new KeyIndexState(
        view.Through, view.Runs.Length, view.Runs.Sum(run => run.Keys), view.Tails.Sum(tail => (long)tail.Count), view.Runs.Sum(run => run.Bytes)));

    /// <summary>A view that knows every key up to a sequence, or to the end of what is durable if that is less; the caller releases it.</summary>
    /// <param name="lagMax">Records behind which the index feeds itself first, if nobody else is at it.</param>
    /// <exception cref="RecordDamagedException">The journal is damaged where it had to be read again.</exception>
    public KeyView Cover(ulong needed, ulong lagMax)
    {
        var durable = _reader.LastSequence;
        var wanted = Math.Min(needed, durable);
        var view = _shelf.Acquire();
        if (view.Through < wanted)
        {
            view.Release();
            FeedTo(wanted);
            return _shelf.Acquire();
        }
        if (durable <= view.Through + lagMax || !_feeding.TryEnter())
            return view;
        view.Release();
        try
        {
            FeedOnce();
        }
        finally
        {
            _feeding.Exit();
        }
        return _shelf.Acquire();
    }

    /// <summary>Whether a durable record answers this key.</summary>
    public bool Holds(ulong sequence, in UInt128 key) => _reader.HoldsKey(sequence, key, _indexer);

    /// <summary>A page of a run is not what was written: it is made again from the segments.</summary>
    public void Discard(KeyRun run) => _shelf.Discard(run);

    /// <summary>Takes over what has been committed, writes what is ready to be written. One piece of each.</summary>
    /// <returns>False when there was nothing to do.</returns>
    public bool Keep()
    {
        lock (_feeding)
        {
            var worked = FeedOnce();
            return WriteTail(leave: 1) || worked;
        }
    }

    /// <summary>Does one piece of merging, or forgets what is older than the retention.</summary>
    /// <returns>False when there was nothing to do.</returns>
    public bool Merge()
    {
        if (_options.KeyRetention is { } retention && _shelf.Forget(View(view => view.Open.LastStampedAt) - Nanoseconds(retention)))
            return true;
        try
        {
            _merge ??= NextMerge();
            if (_merge is null)
                return false;
            if (_merge.Step(LastChecksum) is not { } run)
                return true;
            _shelf.Merge(_merge.Inputs, run);
            EndMerge();
        }
        catch (Exception error)
        {
            EndMerge();
            if (error is not KeyRunDamagedException damaged)
                throw;
            _shelf.Discard(damaged.Run);
        }
        return true;
    }

    /// <summary>More runs of the smallest size wait to be merged than a merge takes twice.</summary>
    public bool IsBehind => View(view => view.Runs.Count(run => run.Keys <= _options.KeysPerRun) > 2 * KeyLevels.FanOut);

    /// <summary>Writes what is in memory, so that the next opening need not read it from the journal.</summary>
    public void Dispose()
    {
        try
        {
            lock (_feeding)
            {
                while (FeedOnce())
                {
                    // Until the end of what is durable.
                }
                while (WriteTail(leave: 0))
                {
                    // One tail each.
                }
            }
        }
        catch (Exception error) when (error is JournalIoException or RecordDamagedException)
        {
            // The next opening reads the journal instead.
        }
        finally
        {
            EndMerge();
            _feeder.Dispose();
            _shelf.Dispose();
        }
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    private T View<T>(Func<KeyView, T> read)
    {
        var view = _shelf.Acquire();
        try
        {
            return read(view);
        }
        finally
        {
            view.Release();
        }
    }

    private void FeedTo(ulong sequence)
    {
        while (View(view => view.Through) < sequence)
        {
            // Let go between the pieces: others wait for it too.
            lock (_feeding)
                FeedOnce();
        }
    }

    private bool FeedOnce()
    {
        if (View(view => view.Hole) is { } hole)
        {
            FillHole(hole.First, hole.Last);
            return true;
        }
        MakeRoom();
        return _feeder.Step();
    }

    /// <summary>Writes a tail where too many wait. A disk that refuses ends no search while there is memory: the tails know their keys.</summary>
    private void MakeRoom()
    {
        var waiting = View(view => view.Tails.Length);
        if (waiting <= TailsMax)
            return;
        try
        {
            WriteTail(leave: 1);
        }
        catch (JournalIoException) when (waiting <= TailsRefusedMax)
        {
            // The thread that keeps the index says so, and tries again.
        }
    }

    /// <summary>Makes one run for the first of some records that have none.</summary>
    private unsafe void FillHole(ulong first, ulong last)
    {
        var tail = new KeyTail(first, 0, _options.KeysPerRun);
        tail.Hold();
        using (var cursor = _reader.OpenCursor(first))
        {
            var isFull = false;
            while (tail.Through < last && tail.Through < first + ((ulong)_options.KeysPerRun * 8) && !isFull && cursor.MoveNext())
            {
                var header = cursor.Header;
                fixed (byte* payload = cursor.Payload)
                    isFull = _indexer.TryReadKey(header, payload, out var key) && !tail.TryAdd(new KeyRow(KeyHash.Of(key), header.Sequence));
                if (isFull)
                    break;
                tail.FirstStampedAt = tail.FirstStampedAt == 0 ? header.StampedAt : tail.FirstStampedAt;
                tail.LastStampedAt = header.StampedAt;
                tail.Through = header.Sequence;
            }
        }
        Invariant.That(tail.Through >= first && tail.Through <= last);
        _shelf.Fill(Write(tail));
        tail.Release();
    }

    /// <summary>Makes the oldest tail a run.</summary>
    /// <param name="leave">Tails that stay in memory: 1 = the open one, 0 = not even that.</param>
    private bool WriteTail(int leave)
    {
        lock (_writing)
        {
            var (tail, count) = View(view => (view.Tails[0], view.Tails.Length));
            if (count <= leave || (count == 1 && tail.Through < tail.First))
                return false;
            if (count == 1)
                _shelf.Begin(new KeyTail(tail.Through + 1, tail.LastStampedAt, TailKeysMin));
            _shelf.Settle(tail, Write(tail));
            return true;
        }
    }

    private unsafe KeyRun Write(KeyTail tail)
    {
        if (_sorted.Length < tail.Count)
            _sorted = GC.AllocateUninitializedArray<KeyRow>(tail.Count);
        fixed (KeyRow* rows = _sorted)
            tail.CopySorted(rows);
        using var writer = new KeyRunWriter(_storage, _options.ShardId, tail.Span, tail.Count);
        for (var i = 0; i < tail.Count; i++)
            writer.Add(_sorted[i]);
        while (writer.WriteTables())
        {
            // A piece each.
        }
        return writer.Complete(_reader.ChecksumOf(tail.Through)!.Value);
    }

    private KeyMerge? NextMerge() => View(view =>
    {
        var runs = view.Runs;
        var range = KeyLevels.Choose([.. runs.Select(run => run.Keys)], _options.KeysPerRun, (first, last) => MayJoin(runs[first], runs[last - 1], runs[last]));
        return range.Equals(default) ? null : new KeyMerge(_storage, _options.ShardId, runs[range]);
    });

    /// <summary>With a retention no run covers more than a quarter of it, so that what is forgotten is soon given back.</summary>
    private bool MayJoin(KeyRun first, KeyRun before, KeyRun last) =>
        before.Span.Last + 1 == last.Span.First
        && (_options.KeyRetention is not { } retention || last.Span.LastStampedAt - first.Span.FirstStampedAt <= Nanoseconds(retention) / 4);

    private uint LastChecksum() => _reader.ChecksumOf(_merge!.Inputs[^1].Span.Last)!.Value;

    private void EndMerge()
    {
        _merge?.Dispose();
        _merge = null;
    }
}
