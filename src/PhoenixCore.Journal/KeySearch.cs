using System.Runtime.Intrinsics.X86;
using PhoenixCore.Journal.KeyIndex;

namespace PhoenixCore.Journal;

/// <summary>Looks for idempotency keys among all that are durable up to <see cref="Through"/>. One thread; dispose it soon, since it keeps memory alive.</summary>
public readonly unsafe ref struct KeySearch
{
    private readonly KeyIndex.KeyIndex _index;
    private readonly KeyView _view;

    internal KeySearch(KeyIndex.KeyIndex index, ulong needed, ulong lagMax)
    {
        _index = index;
        _view = index.Cover(needed, lagMax);
        Through = _view.Through;
    }

    /// <summary>A key that is not found is in no record up to this sequence, save those older than the retention.</summary>
    public ulong Through { get; }

    /// <summary>Fetches the lines that <see cref="TryFind"/> will look at, so that the misses of several keys overlap.</summary>
    public void Prefetch(UInt128 key)
    {
        if (!Sse.IsSupported)
            return;
        var hash = KeyHash.Of(key);
        foreach (var tail in _view.Tails)
            tail.Prefetch(hash);
        foreach (var run in _view.Runs)
            Sse.Prefetch0(run.LineOf(hash));
    }

    /// <summary>Finds the newest record that answers a key. The record itself has been read and carries the key.</summary>
    /// <remarks>For a key that is not there: one line of memory per run, and in one of about 190 cases per run a page of its file.</remarks>
    /// <exception cref="RecordDamagedException">A record that may carry the key is not what was written.</exception>
    public bool TryFind(UInt128 key, out ulong sequence)
    {
        var hash = KeyHash.Of(key);
        for (var i = _view.Tails.Length - 1; i >= 0; i--)
        {
            for (var before = ulong.MaxValue; _view.Tails[i].TryFindBefore(hash, before, out sequence); before = sequence)
            {
                if (_index.Holds(sequence, key))
                    return true;
            }
        }
        try
        {
            return TryFindInRuns(key, hash, out sequence);
        }
        catch (KeyRunDamagedException damaged)
        {
            _index.Discard(damaged.Run);
        }
        using var again = new KeySearch(_index, Through, ulong.MaxValue >> 1);
        return again.TryFind(key, out sequence);
    }

    /// <summary>Lets the memory go.</summary>
    public void Dispose() => _view.Release();

    private bool TryFindInRuns(in UInt128 key, ulong hash, out ulong sequence)
    {
        for (var i = _view.Runs.Length - 1; i >= 0; i--)
        {
            var run = _view.Runs[i];
            if (!run.MayHold(hash))
                continue;
            for (var before = ulong.MaxValue; run.TryFindBefore(hash, before, out sequence); before = sequence)
            {
                if (_index.Holds(sequence, key))
                    return true;
            }
        }
        sequence = 0;
        return false;
    }
}
