using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>The runs on disk and the tails in memory, and the view of them that answers now. Any thread.</summary>
internal sealed class KeyShelf : IDisposable
{
    private readonly IJournalStorage _storage;
    private readonly Lock _changing = new();
    private KeyView _view;

    private KeyShelf(IJournalStorage storage, KeyView view) => (_storage, _view) = (storage, view);

    /// <summary>Opens what is whole, deletes the rest: runs that a larger one has replaced, and damaged ones, which leave a hole.</summary>
    /// <param name="floor">Keys of earlier records count as absent.</param>
    /// <param name="durable">The journal's last sequence.</param>
    /// <param name="durableStampedAt">Its stamp.</param>
    /// <param name="checksumOf">A record's checksum; null when it is not here.</param>
    /// <param name="log">Gets a line for each run that was not taken.</param>
    public static KeyShelf Open(IJournalStorage storage, Guid shard, ulong floor, ulong durable, long durableStampedAt, Func<ulong, uint?> checksumOf, Action<OperatorNote>? log)
    {
        var runs = new List<KeyRun>();
        foreach (var (name, first, last) in FilesOf(storage))
        {
            var isReplaced = runs.Count != 0 && first <= runs[^1].Span.Last;
            var run = isReplaced || last > durable || checksumOf(last) is not { } checksum ? null : KeyRun.TryOpen(storage, shard, first, last, checksum);
            if (run is not null)
            {
                runs.Add(run);
                continue;
            }
            if (!isReplaced)
                log?.Invoke(JournalNotes.KeyRunDropped($"journal: key run {name} is damaged or of another history and is made again."));
            Remove(storage, name);
        }
        var next = runs.Count == 0 ? floor : Math.Max(floor, runs[^1].Span.Last + 1);
        var stampedAt = runs.Count == 0 ? durableStampedAt : runs[^1].Span.LastStampedAt;
        var tail = new KeyTail(next, stampedAt, KeyIndex.TailKeysMin);
        return new KeyShelf(storage, new KeyView(floor, [.. runs], [tail]));
    }

    /// <summary>The present view; the caller releases it.</summary>
    public KeyView Acquire()
    {
        while (true)
        {
            var view = Volatile.Read(ref _view);
            if (view.TryHold())
                return view;
        }
    }

    /// <summary>Puts a larger tail in the open one's place.</summary>
    public void Grow(KeyTail open, KeyTail larger) => Change(view =>
    {
        Invariant.That(view.Open == open);
        return new KeyView(view.Floor, view.Runs, [.. view.Tails[..^1], larger]);
    });

    /// <summary>Begins a new tail behind the open one.</summary>
    public void Begin(KeyTail next) => Change(view => new KeyView(view.Floor, view.Runs, [.. view.Tails, next]));

    /// <summary>The oldest tail has become a run.</summary>
    public void Settle(KeyTail tail, KeyRun run) => Change(view =>
    {
        Invariant.That(view.Tails[0] == tail && view.Tails.Length > 1);
        return new KeyView(view.Floor, [.. view.Runs, run], view.Tails[1..]);
    });

    /// <summary>A run for records that had none.</summary>
    public void Fill(KeyRun run) => Change(view =>
    {
        var place = Array.FindIndex(view.Runs, other => other.Span.First > run.Span.First);
        place = place < 0 ? view.Runs.Length : place;
        return new KeyView(view.Floor, [.. view.Runs[..place], run, .. view.Runs[place..]], view.Tails);
    });

    /// <summary>Puts a merged run, which is durable, in its inputs' place, and deletes them.</summary>
    /// <returns>False when one of them has gone meanwhile: then the merged run is deleted.</returns>
    public bool Merge(IReadOnlyList<KeyRun> inputs, KeyRun merged)
    {
        var done = false;
        Change(view =>
        {
            var start = Array.IndexOf(view.Runs, inputs[0]);
            done = start >= 0 && start + inputs.Count <= view.Runs.Length && inputs.SequenceEqual(view.Runs[start..(start + inputs.Count)]);
            return done ? new KeyView(view.Floor, [.. view.Runs[..start], merged, .. view.Runs[(start + inputs.Count)..]], view.Tails) : null;
        });
        if (done)
        {
            foreach (var run in inputs)
                Remove(_storage, run.Name);
            return true;
        }
        merged.Hold();
        merged.Release();
        Remove(_storage, merged.Name);
        return false;
    }

    /// <summary>Takes a damaged run away; its records become a hole.</summary>
    public void Discard(KeyRun run)
    {
        var done = false;
        Change(view =>
        {
            done = view.Runs.Contains(run);
            return done ? new KeyView(view.Floor, [.. view.Runs.Where(other => other != run)], view.Tails) : null;
        });
        if (done)
            Remove(_storage, run.Name);
    }

    /// <summary>Forgets the oldest run if all its keys are older than a time.</summary>
    /// <param name="stamp">Unix nanoseconds.</param>
    /// <returns>False when there is none.</returns>
    public bool Forget(long stamp)
    {
        KeyRun? oldest = null;
        Change(view =>
        {
            oldest = view.Runs is [var first, ..] && first.Span.LastStampedAt < stamp ? first : null;
            return oldest is null ? null : new KeyView(Math.Max(view.Floor, oldest.Span.Last + 1), view.Runs[1..], view.Tails);
        });
        if (oldest is null)
            return false;
        Remove(_storage, oldest.Name);
        return true;
    }

    public void Dispose() => _view.Release();

    private void Change(Func<KeyView, KeyView?> change)
    {
        KeyView old;
        lock (_changing)
        {
            old = _view;
            if (change(old) is not { } changed)
                return;
            Volatile.Write(ref _view, changed);
        }
        old.Release();
    }

    /// <summary>Of runs that begin at the same record the longest first: a merged run comes before those it was made of.</summary>
    private static IEnumerable<(string Name, ulong First, ulong Last)> FilesOf(IJournalStorage storage) =>
        storage.List()
            .Select(name => FileNames.TryParseKeyRun(name, out var first, out var last) ? (Name: name, First: first, Last: last) : default)
            .Where(file => file.Name is not null)
            .OrderBy(file => file.First)
            .ThenByDescending(file => file.Last);

    /// <summary>What stays after an error, or comes back after a crash, is recognised when the journal is opened.</summary>
    private static void Remove(IJournalStorage storage, string name)
    {
        try
        {
            storage.Delete(name);
        }
        catch (JournalIoException)
        {
            // A file too many.
        }
    }
}
