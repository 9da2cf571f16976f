namespace PhoenixCore.Journal.KeyIndex;

/// <summary>Merges neighbouring runs into one, a piece at a time. One thread.</summary>
internal sealed class KeyMerge : IDisposable
{
    private readonly List<KeyRunScan> _scans = [];
    private readonly ulong[] _hashes;
    private readonly KeyRunWriter _writer;
    private int _open;

    /// <param name="inputs">In the order of their sequences, without a gap.</param>
    public KeyMerge(IJournalStorage storage, Guid shard, IReadOnlyList<KeyRun> inputs)
    {
        Inputs = inputs;
        var span = new KeySpan(inputs[0].Span.First, inputs[^1].Span.Last, inputs[0].Span.FirstStampedAt, inputs[^1].Span.LastStampedAt);
        _writer = new KeyRunWriter(storage, shard, span, inputs.Sum(run => run.Keys));
        try
        {
            foreach (var run in inputs)
            {
                if (run.Keys != 0)
                    _scans.Add(new KeyRunScan(storage, run));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        _hashes = [.. _scans.Select(scan => scan.Row.Hash)];
        _open = _scans.Count;
    }

    public IReadOnlyList<KeyRun> Inputs { get; }

    /// <summary>Does one piece of the work: close to 1 MiB.</summary>
    /// <param name="lastChecksum">The checksum of the last run's last record.</param>
    /// <returns>Null while there is more; then the merged run, durable.</returns>
    /// <exception cref="KeyRunDamagedException">An input is damaged.</exception>
    public KeyRun? Step(Func<uint> lastChecksum)
    {
        if (_open != 0)
        {
            for (var rows = 0; rows < KeyRunWriter.PieceRows && _open != 0; rows++)
                MoveOne();
            return null;
        }
        return _writer.WriteTables() ? null : _writer.Complete(lastChecksum());
    }

    public void Dispose()
    {
        foreach (var scan in _scans)
            scan.Dispose();
        _writer.Dispose();
    }

    /// <summary>Of equal hashes the older run's goes first, so that rows stay ordered by sequence too.</summary>
    private void MoveOne()
    {
        var hashes = _hashes;
        var least = 0;
        for (var i = 1; i < hashes.Length; i++)
        {
            if (hashes[i] < hashes[least])
                least = i;
        }
        // A scan at its end stands at the largest hash; a row that has it goes before.
        if (_scans[least].IsAtEnd)
            least = _scans.FindIndex(scan => !scan.IsAtEnd);
        var from = _scans[least];
        _writer.Add(from.Row);
        from.MoveNext();
        hashes[least] = from.IsAtEnd ? ulong.MaxValue : from.Row.Hash;
        if (from.IsAtEnd)
            _open--;
    }
}
