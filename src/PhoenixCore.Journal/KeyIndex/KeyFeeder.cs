namespace PhoenixCore.Journal.KeyIndex;

/// <summary>Brings the keys of committed records into the open tail: from the feed, or from the journal what the feed did not carry. One thread at a time.</summary>
internal sealed class KeyFeeder(KeyFeed feed, KeyShelf shelf, JournalReader reader, IRecordIndexer indexer, int keysPerRun) : IDisposable
{
    private const int RecordsAtOnce = 1 << 14;
    private const int RowsAtOnce = 1 << 16;

    /// <summary>Rows between the look at a place in the tail and its use: enough to hide that it lies in memory and not in a cache.</summary>
    private const int RowsAhead = 16;

    /// <summary>A tail ends after so many records per key it may hold, so that little has to be read again after a crash.</summary>
    private const ulong RecordsPerKeyMax = 8;

    private JournalCursor? _cursor;

    /// <summary>The feed goes on where the open tail ends. Known only by having seen it connected there: once cut off, it does not tell any more.</summary>
    private bool _isFed;

    /// <summary>Takes over some of what is durable.</summary>
    /// <returns>False when there was nothing.</returns>
    /// <exception cref="RecordDamagedException">The journal itself is damaged where it had to be read.</exception>
    public bool Step()
    {
        var open = OpenTail();
        return _isFed ? TakeFeed(open) : ReadJournal(open);
    }

    public void Dispose() => _cursor?.Dispose();

    private KeyTail OpenTail()
    {
        var view = shelf.Acquire();
        var open = view.Open;
        view.Release();
        return open;
    }

    private bool TakeFeed(KeyTail open)
    {
        var isCutOff = feed.IsCutOff;
        var rows = feed.Look(out var through, out var stampedAt);
        open.LastStampedAt = Math.Max(open.LastStampedAt, stampedAt);
        var taken = Math.Min(rows, RowsAtOnce);
        for (var i = 0; i < taken; i++)
        {
            if (i + RowsAhead < taken)
                open.Prefetch(feed[i + RowsAhead].Hash);
            if (feed[i].Sequence > open.Through)
                open = Add(open, feed[i]);
        }
        var before = open.Through;
        // Rows that came after the look may lie behind it already: everything up to it is here either way.
        if (taken == rows)
            open.Through = Math.Max(before, through);
        feed.Take(taken);
        EndIfLong(open);
        if (isCutOff && taken == rows)
            _isFed = false;
        return taken != 0 || open.Through != before || !_isFed;
    }

    /// <summary>The feed does not carry what comes next: it is read from the journal.</summary>
    private bool ReadJournal(KeyTail open)
    {
        if (feed.IsCutOff)
            feed.Restart();
        var read = 0;
        for (; read < RecordsAtOnce; read++)
        {
            if (IsReached(open))
                return true;
            _cursor ??= reader.OpenCursor(open.Through + 1);
            if (!_cursor.MoveNext())
                break;
            open = Add(open, _cursor, indexer);
        }
        EndIfLong(open);
        return read != 0;
    }

    /// <summary>Whether the feed carries what comes next.</summary>
    private bool IsReached(KeyTail open)
    {
        if (!feed.IsConnectedAtOrBefore(open.Through + 1))
            return false;
        _isFed = true;
        _cursor?.Dispose();
        _cursor = null;
        return true;
    }

    private unsafe KeyTail Add(KeyTail open, JournalCursor cursor, IRecordIndexer keys)
    {
        var header = cursor.Header;
        open.LastStampedAt = Math.Max(open.LastStampedAt, header.StampedAt);
        fixed (byte* payload = cursor.Payload)
        {
            if (keys.TryReadKey(header, payload, out var key))
                open = Add(open, new KeyRow(KeyHash.Of(key), header.Sequence));
        }
        open.Through = header.Sequence;
        return open;
    }

    private KeyTail Add(KeyTail open, in KeyRow row)
    {
        while (!open.TryAdd(row))
        {
            if (open.KeysMax < keysPerRun && open.Count == open.KeysMax)
            {
                var larger = open.Grown(Math.Min(keysPerRun, open.KeysMax * 4));
                shelf.Grow(open, larger);
                open = larger;
            }
            else
            {
                open = End(open, row.Sequence);
            }
        }
        return open;
    }

    private void EndIfLong(KeyTail open)
    {
        if (open.Through >= open.First + ((ulong)keysPerRun * RecordsPerKeyMax))
            End(open, open.Through + 1);
    }

    private KeyTail End(KeyTail open, ulong next)
    {
        open.Through = next - 1;
        var following = new KeyTail(next, open.LastStampedAt, open.KeysMax);
        shelf.Begin(following);
        return following;
    }
}
